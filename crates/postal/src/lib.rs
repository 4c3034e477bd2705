//! What was written on an envelope becomes a PostalAddress; how strongly two addresses agree, and why
