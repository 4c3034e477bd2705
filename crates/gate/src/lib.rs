//! A prison's gate: follows the hub's feed, holds its own list, answers every call
