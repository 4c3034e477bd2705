//! Whom an envelope names.

use postal::{WrittenAddress, names_on_envelope};

#[test]
fn names_are_read_off_the_envelope_without_title_town_or_house() {
    let table: [(&str, &[&str]); 12] = [
        (
            "Mrs Sarah Hartwell\n14 Larkspur Road\nBrookford",
            &["SARAH HARTWELL"],
        ),
        ("Sarah Hartwell, 14 Larkspur Road, Brookford", &["SARAH HARTWELL"]),
        ("MISS A HARTWELL 14 LARKSPUR ROAD BROOKFORD", &["A HARTWELL"]),
        (
            "Ann Lee\nc/o Mrs Hartwell\nFlat 2, 14 Larkspur Road",
            &["ANN LEE", "HARTWELL"],
        ),
        ("Mr & Mrs Hartwell\n14 Larkspur Road", &["HARTWELL"]),
        (
            "Sarah and Tom Hartwell\n14 Larkspur Road",
            &["SARAH HARTWELL", "TOM HARTWELL"],
        ),
        ("Dr S. Hartwell-Lee\n14 Larkspur Dr", &["S HARTWELL LEE"]),
        (
            "FAO Sarah Hartwell\nThistle House\n14 Larkspur Road",
            &["SARAH HARTWELL"],
        ),
        ("The Occupier\n14 Larkspur Road", &[]),
        ("14 Larkspur Road\nBrookford", &[]),
        ("Rose Cottage, Larkspur Road, Brookford", &[]),
        (
            "Sarah Hartwell\nRose Cottage\nLarkspur Road\nBrookford",
            &["SARAH HARTWELL"],
        ),
    ];
    for (text, names) in table {
        let written = WrittenAddress::new(text).unwrap();
        assert_eq!(names_on_envelope(&written), names, "{text}");
    }
}
