//! Settings, keys and providers.
