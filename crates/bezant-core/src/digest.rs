//! The state digest: SHA-256 of the canonical bytes (L15.3, INV-11).

use sha2::{Digest, Sha256};

use crate::snapshot;
use crate::state::State;

/// Returns the digest of the whole state; costs a pass over it.
pub fn digest(state: &State) -> [u8; 32] {
    Sha256::digest(snapshot::encode(state)).into()
}
