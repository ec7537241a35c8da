//! All network: two wire formats behind one stream of events.
