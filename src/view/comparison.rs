//! A comparison of two texts as styled lines.
