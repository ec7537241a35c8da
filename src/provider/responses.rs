//! Responses: the request body, and its stream as events.
//!
//! Owns the wire shapes of `POST /responses`: those of a request in `body`, those of an answer in
//! `wire`, and what they mean in `decoder`.

pub(super) mod body;
mod decoder;
mod wire;

pub(super) use decoder::Decoder;
