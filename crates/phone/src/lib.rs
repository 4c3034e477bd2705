//! What was dialled becomes a PhoneNumber, or the reason why it cannot
