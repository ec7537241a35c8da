//! Settings: defaults, overlaid by the config file, the environment and the command line.
//!
//! Reads text it is given and never opens a file. A broken file costs nothing but itself: its
//! problem is told with file, line and column, and the defaults stand.

pub mod providers;
pub mod settings;

pub use providers::Provider;
pub use settings::{Overrides, Settings};
