//! What stands between the command and the queue's server: something that speaks TLS, or a network that breaks at the
//! worst moment.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener as Listener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy, split};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// The certificates of tests.
pub(super) const CERTIFICATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../gate/tests/tls");

/// Passes on what comes to its port, until dropped.
pub(super) struct Relay {
    pub(super) port: u16,
    held: Arc<AtomicUsize>,
    _runtime: Runtime,
}

#[derive(Clone)]
enum Kind {
    Tls(TlsAcceptor),
    HoldsDeletes(Arc<AtomicUsize>),
}

impl Relay {
    /// Speaks TLS to whoever comes, as 127.0.0.1.
    pub(super) fn with_tls(to: u16) -> Result<Self> {
        let chain = CertificateDer::pem_file_iter(format!("{CERTIFICATES}/gate.pem"))?;
        let chain = chain.collect::<Result<Vec<_>, _>>()?;
        let key = PrivateKeyDer::from_pem_file(format!("{CERTIFICATES}/gate.key"))?;
        let config = ServerConfig::builder().with_no_client_auth();
        let config = config.with_single_cert(chain, key)?;
        Self::start(to, Kind::Tls(TlsAcceptor::from(Arc::new(config))), Arc::default())
    }

    /// Passes on everything but that a message is to be deleted.
    pub(super) fn that_holds_deletes(to: u16) -> Result<Self> {
        let held = Arc::new(AtomicUsize::new(0));
        Self::start(to, Kind::HoldsDeletes(Arc::clone(&held)), held)
    }

    /// How often it was told to delete a message.
    pub(super) fn held(&self) -> usize {
        self.held.load(Ordering::SeqCst)
    }

    fn start(to: u16, kind: Kind, held: Arc<AtomicUsize>) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let port = listener.local_addr()?.port();
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let kind = kind.clone();
                tokio::spawn(async move {
                    let _ = pass_on(stream, to, kind).await;
                });
            }
        });
        Ok(Self {
            port,
            held,
            _runtime: runtime,
        })
    }
}

async fn pass_on(stream: TcpStream, to: u16, kind: Kind) -> std::io::Result<()> {
    match kind {
        Kind::Tls(acceptor) => between(acceptor.accept(stream).await?, to, None).await,
        Kind::HoldsDeletes(held) => between(stream, to, Some(&held)).await,
    }
}

async fn between(
    client: impl AsyncRead + AsyncWrite,
    to: u16,
    holding: Option<&AtomicUsize>,
) -> std::io::Result<()> {
    let server = TcpStream::connect((Ipv4Addr::LOCALHOST, to)).await?;
    let (mut from_client, mut to_client) = split(client);
    let (mut from_server, mut to_server) = split(server);
    let there = async {
        let (mut asked, mut part) = (Vec::new(), [0; 4_096]);
        loop {
            let read = from_client.read(&mut part).await?;
            if read == 0 {
                return to_server.shutdown().await;
            }
            asked.extend_from_slice(&part[..read]);
            if let Some(held) = holding.filter(|_| names_a_delete(&asked)) {
                held.fetch_add(1, Ordering::SeqCst);
                std::future::pending::<()>().await;
            }
            to_server.write_all(&part[..read]).await?;
        }
    };
    let back = async {
        copy(&mut from_server, &mut to_client).await?;
        to_client.shutdown().await
    };
    tokio::try_join!(there, back).map(drop)
}

fn names_a_delete(asked: &[u8]) -> bool {
    String::from_utf8_lossy(asked).contains("AmazonSQS.DeleteMessage")
}

/// What a container's role gives whoever runs in it, at an address of this machine; one answer to each that asks.
pub(super) fn container_role() -> Result<String> {
    const KEYS: &str = r#"{"AccessKeyId": "role", "SecretAccessKey": "role", "Token": "role", "Expiration": "2099-01-01T00:00:00Z"}"#;
    let listener = Listener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let url = format!("http://127.0.0.1:{}/role", listener.local_addr()?.port());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4_096]);
            let length = KEYS.len();
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{KEYS}"
            );
        }
    });
    Ok(url)
}
