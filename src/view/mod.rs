//! Pure drawing.

pub mod comparison;
pub mod editor;
pub mod markdown;
pub mod style;
pub mod wrap;
