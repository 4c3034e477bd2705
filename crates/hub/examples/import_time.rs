//! How long a prison's whole list takes, and how long a bar waits meanwhile: `cargo run --release -p hub --example
//! import_time [ROWS]`. A store in a fresh folder on this machine's disk, 1,000 prisoners, 35,000 rows by default.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a command line")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use casework::{Actor, BarTarget, CaseId, OrganisationKind, Policy, Role};
use feed::ContactKind;
use hub::keys::HubKeys;
use hub::lists::{FileLimits, ListRow, Numbered, finish};
use hub::seams::Seams;
use hub::store::{Store, StoreMark};
use offender::PrisonerRecord;
use prison::{PrisonId, PrisonerNumber};

#[tokio::main]
async fn main() {
    let rows: u64 = std::env::args()
        .nth(1)
        .map_or(35_000, |rows| rows.parse().unwrap());
    let place = Place::open().await;
    let began = Instant::now();
    place.receive().await;
    println!("roster of {PRISONERS}: {:.1} s", began.elapsed().as_secs_f64());
    let barring = tokio::spawn(bar_on(
        Arc::clone(&place.store),
        place.handler.clone(),
        place.case,
    ));
    let began = Instant::now();
    let import = place.stage(rows).await;
    println!("{rows} rows staged: {:.1} s", began.elapsed().as_secs_f64());
    let proposal = place
        .store
        .propose_list_import(&place.clerk, &import, false, "measured")
        .await
        .unwrap();
    place.store.approve(&place.security, proposal).await.unwrap();
    let began = Instant::now();
    finish(&place.store).await.unwrap();
    println!("taken over: {:.1} s", began.elapsed().as_secs_f64());
    barring.abort();
    let _ = barring.await;
    let mut waits = WAITS.lock().unwrap().clone();
    waits.sort();
    let at = |part: f64| waits[((waits.len() - 1) as f64 * part) as usize];
    println!(
        "{} bars meanwhile: p50 {:?}, p99 {:?}, longest {:?}",
        waits.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

const PRISONERS: u64 = 1_000;
static WAITS: std::sync::Mutex<Vec<Duration>> = std::sync::Mutex::new(Vec::new());

struct Place {
    store: Arc<Store>,
    clerk: Actor,
    security: Actor,
    handler: Actor,
    case: CaseId,
    _folder: tempfile::TempDir,
}

fn leeds() -> PrisonId {
    "LEI".parse().unwrap()
}

fn prisoner(n: u64) -> PrisonerNumber {
    format!("A{n:04}BC").parse().unwrap()
}

impl Place {
    async fn open() -> Self {
        let folder = tempfile::tempdir_in(".").unwrap();
        let url = format!("sqlite://{}", folder.path().join("hub.db").display());
        let keys = Arc::new(HubKeys::from_secrets(
            StoreMark::Demo,
            &[1; 32],
            &[2; 32],
            &[3; 32],
        ));
        let store = Store::open(&url, keys, StoreMark::Demo, Seams::real())
            .await
            .unwrap();
        let prison = leeds();
        let operator = store.add_account(None, "Operator", Role::Operator).await.unwrap();
        let add = async |name: &str, role| store.add_account(Some(&operator), name, role).await.unwrap();
        let police = Role::Referrer {
            organisation: OrganisationKind::Police,
        };
        let police = add("Police", police).await;
        let (clerk, security) = (
            add("Clerk", Role::PinphoneClerk { prison }).await,
            add("Security", Role::PrisonSecurity { prison }).await,
        );
        let handler = add("Handler", Role::CaseHandler).await;
        let case = file(&store, &police, &handler).await;
        Self {
            store: Arc::new(store),
            clerk,
            security,
            handler,
            case,
            _folder: folder,
        }
    }

    async fn receive(&self) {
        let records: Vec<PrisonerRecord> = (0..PRISONERS)
            .map(|n| {
                let mut record = PrisonerRecord::new(prisoner(n), "Ivan", "Invented");
                record.prison_id = Some(leeds());
                record
            })
            .collect();
        for batch in records.chunks(FileLimits::DEFAULT.batch_rows) {
            self.store.import_prisoners(batch.to_vec()).await.unwrap();
        }
    }

    async fn stage(&self, rows: u64) -> hub::store::ListImport {
        let row = |n: u64| -> Numbered<ListRow> {
            let number = format!("07700 900{:03}", (n / PRISONERS) + 500 + n % 3);
            let number = if n / PRISONERS < 400 {
                number
            } else {
                "07700 900999".to_owned()
            };
            let row = ListRow {
                holder: prisoner(n % PRISONERS),
                number: phone::resolve(&number, None).unwrap().number,
                contact: ContactKind::Social,
                name: "Ann Prior (sister)".into(),
            };
            (n + 1, Ok(row))
        };
        let rows: Vec<_> = (0..rows).map(row).collect();
        let (import, _) = self
            .store
            .begin_list_import(&self.clerk, leeds(), "csv", "measured")
            .await
            .unwrap();
        for batch in rows.chunks(FileLimits::DEFAULT.batch_rows) {
            self.store.stage_rows(&self.clerk, import, batch).await.unwrap();
        }
        self.store.finish_staging(&self.clerk, import).await.unwrap()
    }
}

/// A case to bar numbers under.
async fn file(store: &Store, police: &Actor, handler: &Actor) -> CaseId {
    let request = serde_json::json!({
        "referrer": { "kind": "police", "name": "PC Ada Example" },
        "people": [{ "name": "Rhian Invented", "numbers": ["07700 900001"] }],
        "consent": { "consent": "given" }, "why": "He rings her.",
    });
    let request: casework::ContactRequest = serde_json::from_value(request).unwrap();
    let policy = Policy::parse(Policy::BUILT_IN).unwrap();
    let filing = hub::store::Filing {
        ruling: policy.rule(&request),
        caps: policy.caps,
        targets: vec![hub::store::ScreenedTarget {
            target: Some(BarTarget::Number(
                phone::resolve("07700 900001", None).unwrap().number,
            )),
            wanted: hub::store::Wanted::Bar,
            position: "people[0].numbers[0]".to_owned(),
        }],
        request,
        linked_to: None,
        named: hub::store::NamedPrisoners::default(),
    };
    let receipt = store.file_request(police, None, filing).await.unwrap();
    let key = hub::store::CaseKey::from(receipt.reference);
    store.open_case(handler, key).await.unwrap().case
}

/// Bars one number after the other, twenty a second, and notes how long each took until it was on disk.
async fn bar_on(store: Arc<Store>, handler: Actor, case: CaseId) {
    for n in 0_u64.. {
        let number = phone::resolve(&format!("01632 960{:03}", n % 1_000), None)
            .unwrap()
            .number;
        let began = Instant::now();
        store
            .add_target(&handler, case, &BarTarget::Number(number))
            .await
            .unwrap();
        WAITS.lock().unwrap().push(began.elapsed());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
