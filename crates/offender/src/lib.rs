//! What a referrer knows becomes a ranking of prisoners, with the weight of each piece of evidence
