//! All network: two wire formats behind one stream of events.
//!
//! Owns sockets, the OpenAI wire formats and the practice engine. A request goes out through
//! [`client`], its bytes come back through [`sse`] and [`chat`] or [`responses`], and what is told
//! to the other floors is a [`StreamEvent`](crate::domain::run::StreamEvent) or a
//! [`Failure`](crate::domain::failure::Failure). Never reads or writes a file, never prints.

pub mod address;
pub mod answer;
pub mod chat;
pub mod client;
mod connections;
mod credentials;
pub mod error;
mod lenient;
pub mod models;
mod output;
pub mod practice;
pub mod probe;
mod proxy;
pub mod report;
pub mod responses;
pub mod retry;
pub mod sse;
mod thinking;
pub mod trust;
