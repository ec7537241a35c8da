//! All disk: the library, drafts and the one way to write a file.
