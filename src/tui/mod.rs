//! The async shell around the pure core.
