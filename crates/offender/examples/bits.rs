use offender::{Known, People, Person};
fn main() {
    for name in ["Zephyrine Quillfeather", "Sarah Smith", "David Hutchinson", "Rhian Smith", "Zeynep Erdogan", "Carys Bevan", "Rhian Bowen", "Agnieszka Kowalczyk","Sarah Quillfeather","Zephyrine Smith"] {
        let people = People::build([(1u32, Person { names: vec![name.to_owned()], date_of_birth: None })]);
        for (first, last) in [(name.split(' ').next(), name.split(' ').nth(1)), (None, name.split(' ').nth(1)), (Some(&name[..1]), name.split(' ').nth(1))] {
            let asked = Known { first_name: first.map(str::to_owned), last_name: last.map(str::to_owned), ..Known::default() };
            let bits: Vec<f64> = people.recognise(&asked, -100.0).iter().map(|one| one.bits).collect();
            println!("{name} {first:?} {bits:?}");
        }
    }
}
