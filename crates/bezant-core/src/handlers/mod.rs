//! One module per family of commands: each decides first, then does.

pub mod accounts;
pub mod admission;
pub mod amend;
pub mod assertions;
pub mod assets;
pub mod cancel;
pub mod markets;
pub mod place;
pub mod place_list;
pub mod replace;
pub mod status;
pub mod transfers;
