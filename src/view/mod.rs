//! Pure drawing.

pub mod editor;
pub mod markdown;
pub mod style;
