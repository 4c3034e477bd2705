//! One gate: its place on disk, and the gate as it runs there.

use std::path::PathBuf;

use feed::{AlwaysAllowed, AlwaysAllowedNumber, CoSigned, SigningKey, public_key_to_hex};
use gate::client::{CallAnswer, call};
use gate::config::Config;
use gate::identity::enrol;
use gate::run::Ready;
use gate::seams::Seams;
use gate::state_key::StateKey;
use serde_json::Value;
use tokio::sync::oneshot;

use crate::hub::{PATIENCE, TestHub};
use crate::source::number;

pub(crate) const HELPLINE: &str = "07700 900007";

/// The keys of the two people whom every gate here believes together.
pub(crate) fn roots() -> [SigningKey; 2] {
    [1, 2].map(|n| SigningKey::from_bytes(&[n; 32]))
}

/// One gate's place on disk.
pub(crate) struct Place {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) config: Config,
}

/// A gate that runs.
pub(crate) struct Running {
    pub(crate) ready: Ready,
    stop: oneshot::Sender<()>,
    task: tokio::task::JoinHandle<anyhow::Result<()>>,
}

impl Place {
    pub(crate) fn new(hub: &TestHub) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let roots = roots();
        let listed = AlwaysAllowedNumber {
            number: number(7),
            name: "A helpline".to_owned(),
        };
        let list = AlwaysAllowed {
            version: 1,
            numbers: vec![listed],
        };
        let signed = CoSigned::sign(&list, [&roots[0], &roots[1]]).unwrap();
        std::fs::write(folder.path().join("always"), signed.to_file()).unwrap();
        let [one, two] = roots.map(|key| public_key_to_hex(&key.verifying_key()));
        let text = format!(
            "prison = \"LEI\"\nstate_dir = \"state\"\nkey_file = \"keys/state.key\"\nhub = \"{}\"\n\
             sip_listen = \"127.0.0.1:0\"\nhttp_listen = \"127.0.0.1:0\"\ntrunk = \"trunk.example\"\n\
             always_allowed = \"always\"\nroots = [\"{one}\", \"{two}\"]\n",
            hub.url()
        );
        let file = folder.path().join("gate.toml");
        std::fs::write(&file, text).unwrap();
        let config = Config::load(&file).unwrap();
        StateKey::create(&config.key_source().unwrap(), &Seams::real()).unwrap();
        Self { folder, config }
    }

    pub(crate) async fn enrolled(hub: &TestHub) -> Self {
        let place = Self::new(hub);
        let shown = enrol(&place.config, &Seams::real(), None, &hub.code(), false)
            .await
            .unwrap();
        assert_eq!(shown, hub.shown_fingerprint(), "what two people compare");
        place
    }

    pub(crate) fn state(&self, name: &str) -> PathBuf {
        self.folder.path().join("state").join(name)
    }

    pub(crate) async fn run(&self) -> Running {
        self.run_with(Seams::real()).await
    }

    pub(crate) async fn run_with(&self, seams: Seams) -> Running {
        self.run_as(self.config.clone(), seams).await
    }

    pub(crate) async fn run_as(&self, config: Config, seams: Seams) -> Running {
        let (said, ready) = oneshot::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(gate::run(
            config,
            seams,
            |ready| said.send(*ready).unwrap(),
            async { drop(stopped.await) },
        ));
        let ready = tokio::time::timeout(PATIENCE, ready).await.unwrap().unwrap();
        Running { ready, stop, task }
    }
}

impl Running {
    pub(crate) async fn call(&self, from: &str, dialled: &str) -> CallAnswer {
        let (gate, from, dialled) = (self.ready.sip, from.to_owned(), dialled.to_owned());
        let asked = tokio::task::spawn_blocking(move || call(gate, &from, &dialled, PATIENCE));
        asked.await.unwrap().unwrap()
    }

    pub(crate) async fn allows(&self, from: &str, dialled: &str) -> bool {
        let answer = self.call(from, dialled).await;
        assert!(matches!(answer.status, 302 | 403), "{answer:?}");
        answer.status == 302
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        let response = reqwest::get(format!("http://{}{path}", self.ready.http))
            .await
            .unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    pub(crate) async fn post(&self, body: Value) -> (u16, Value) {
        let post = reqwest::Client::new().post(format!("http://{}/v1/calls", self.ready.http));
        let response = post.json(&body).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    pub(crate) async fn stop(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap().unwrap();
    }
}
