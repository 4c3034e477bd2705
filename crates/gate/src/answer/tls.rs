//! The gate's certificate and key for SIP over TLS, and the authority whose certificates its peers must show.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::server::danger::ClientCertVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

/// The files, in PEM.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsFiles {
    /// The gate's certificate, and behind it those between it and the authority.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// The authority whose certificate a peer must show; without it, a configured address is enough.
    #[serde(default)]
    pub client_authority: Option<PathBuf>,
}

impl TlsFiles {
    /// Every path that is named.
    pub fn paths_mut(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        [&mut self.certificate, &mut self.key]
            .into_iter()
            .chain(&mut self.client_authority)
    }

    /// Reads the files; what is wrong is said without a byte of the key.
    pub fn acceptor(&self) -> Result<TlsAcceptor, String> {
        let provider = Arc::new(ring::default_provider());
        let chain = certificates(&self.certificate)?;
        let key = PrivateKeyDer::from_pem_file(&self.key)
            .map_err(|_| format!("{} holds no private key in PEM", self.key.display()))?;
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?;
        let builder = match &self.client_authority {
            None => builder.with_no_client_auth(),
            Some(file) => builder.with_client_cert_verifier(verifier(file, provider)?),
        };
        let config = builder
            .with_single_cert(chain, key)
            .map_err(|error| format!("{} and its key: {error}", self.certificate.display()))?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

fn verifier(file: &PathBuf, provider: Arc<CryptoProvider>) -> Result<Arc<dyn ClientCertVerifier>, String> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(file)? {
        roots
            .add(certificate)
            .map_err(|error| format!("{}: {error}", file.display()))?;
    }
    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .map_err(|error| format!("{}: {error}", file.display()))
}

fn certificates(file: &PathBuf) -> Result<Vec<CertificateDer<'static>>, String> {
    let unreadable = |problem: &dyn std::fmt::Display| format!("{}: {problem}", file.display());
    // Read first, so that a missing file is told apart from one without a certificate.
    let text = std::fs::read(file).map_err(|error: io::Error| unreadable(&error))?;
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    match all {
        Ok(all) if !all.is_empty() => Ok(all),
        _ => Err(unreadable(&"there is no certificate in PEM")),
    }
}
