//! All network: two wire formats behind one stream of events.
//!
//! Owns sockets, the OpenAI wire formats and the practice engine. A request goes out through
//! [`client`], its bytes come back through [`sse`] and [`chat`] or [`responses`], and what is told
//! to the other floors is a [`StreamEvent`](crate::domain::run::StreamEvent) or a
//! [`Failure`](crate::domain::failure::Failure). Never reads or writes a file, never prints.

pub mod address;
pub mod answer;
mod broken;
pub mod chat;
pub mod class;
pub mod client;
mod connections;
mod credentials;
pub mod decoding;
pub mod error;
pub mod exchange;
pub mod fitting;
mod image;
mod known;
mod lenient;
pub mod lessons;
pub mod models;
mod output;
pub mod payload;
pub mod practice;
pub mod probe;
mod profile;
mod proxy;
mod redact;
pub mod remedy;
pub mod report;
pub mod responses;
pub mod retry;
mod sentence;
pub mod sse;
mod thinking;
pub mod trust;
