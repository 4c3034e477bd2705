//! The words and rules of the service
