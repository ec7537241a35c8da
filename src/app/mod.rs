//! The pure model: messages in, effects out.
