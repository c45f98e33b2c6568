//! `CreateAsset`, `SetAsset` (L1.1, L1.2).

use crate::chart::HOUSE;
use crate::commands::{CreateAsset, SetAsset};
use crate::events::{AssetCreated, AssetSet};
use crate::refusals::RefusalCode;
use crate::rules::SCALE_MAX;
use crate::sources::is_source;
use crate::state::{refuse_command, Asset, State};
use crate::units::UNITS_MAX;

/// Creates an asset; its scale is fixed for ever.
pub fn create_asset(state: &mut State, command: &CreateAsset) {
    if let Err(code) = create_refusal(state, command) {
        return refuse_command(state, code, command.source, command.number);
    }

    // Decided. Nothing below may refuse.
    let asset = Asset {
        id: command.asset,
        scale: command.scale,
        issued_max: command.issued_max,
        enabled: command.enabled,
        house: [0; HOUSE.len() + 1],
    };
    state.assets.insert(command.asset, asset);
    state.emit(&AssetCreated {
        source: command.source,
        number: command.number,
        asset: command.asset,
        scale: command.scale,
        issued_max: command.issued_max,
        enabled: command.enabled,
    });
}

/// Changes what may be owed of an asset, and whether it is enabled (L12.8).
pub fn set_asset(state: &mut State, command: &SetAsset) {
    let slot = match set_refusal(state, command) {
        Ok(slot) => slot,
        Err(code) => return refuse_command(state, code, command.source, command.number),
    };

    // Decided. Nothing below may refuse.
    let asset = &mut state.assets[slot];
    asset.issued_max = command.issued_max;
    asset.enabled = command.enabled;
    state.emit(&AssetSet {
        source: command.source,
        number: command.number,
        asset: command.asset,
        scale: command.scale,
        issued_max: command.issued_max,
        enabled: command.enabled,
    });
}

fn create_refusal(state: &State, command: &CreateAsset) -> Result<(), RefusalCode> {
    if !is_source(command.source) {
        return Err(RefusalCode::FieldOutOfRange);
    }
    if state.assets.find(command.asset).is_some() {
        return Err(RefusalCode::Exists);
    }
    let is_scale = (0..=SCALE_MAX).contains(&command.scale);
    if !is_scale || !(1..=UNITS_MAX).contains(&command.issued_max) {
        return Err(RefusalCode::ConfigOutOfRange);
    }
    Ok(())
}

fn set_refusal(state: &State, command: &SetAsset) -> Result<u32, RefusalCode> {
    let slot = state
        .assets
        .find(command.asset)
        .ok_or(RefusalCode::AssetUnknown)?;
    if !is_source(command.source) {
        return Err(RefusalCode::FieldOutOfRange);
    }
    let is_same_scale = command.scale == state.assets[slot].scale;
    if !is_same_scale || !(1..=UNITS_MAX).contains(&command.issued_max) {
        return Err(RefusalCode::ConfigOutOfRange);
    }
    Ok(slot)
}
