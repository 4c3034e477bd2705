//! The demonstration listens on this machine alone and answers to this machine's names alone, so that a
//! page elsewhere cannot reach it through a name of its own (DNS rebinding).

use std::net::SocketAddr;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Lets a request through if its Host is this machine at this port: 400 without one, 421 for another.
pub(super) async fn only_this_machine(
    State(listening): State<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    match judge(request.headers(), listening.port()) {
        Ok(()) => next.run(request).await,
        Err(status) => (status, "this demonstration answers to localhost alone").into_response(),
    }
}

fn judge(headers: &HeaderMap, port: u16) -> Result<(), StatusCode> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Err(StatusCode::BAD_REQUEST);
    };
    let host = host.to_str().map_err(|_| StatusCode::BAD_REQUEST)?;
    let ours = ["localhost", "127.0.0.1", "[::1]"];
    let is_ours = ours.iter().any(|name| {
        host.get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name))
            && host[name.len()..]
                .strip_prefix(':')
                .is_some_and(|rest| rest == port.to_string())
    });
    if is_ours {
        Ok(())
    } else {
        Err(StatusCode::MISDIRECTED_REQUEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machines_own_names_at_its_own_port_are_answered() {
        let table = [
            ("localhost:8080", Ok(())),
            ("LOCALHOST:8080", Ok(())),
            ("127.0.0.1:8080", Ok(())),
            ("[::1]:8080", Ok(())),
            ("localhost", Err(StatusCode::MISDIRECTED_REQUEST)),
            ("localhost:8081", Err(StatusCode::MISDIRECTED_REQUEST)),
            ("localhost.example:8080", Err(StatusCode::MISDIRECTED_REQUEST)),
            ("127.0.0.1.example:8080", Err(StatusCode::MISDIRECTED_REQUEST)),
            ("example.com:8080", Err(StatusCode::MISDIRECTED_REQUEST)),
        ];
        for (host, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().unwrap());
            assert_eq!(judge(&headers, 8080), expected, "{host}");
        }
        assert_eq!(judge(&HeaderMap::new(), 8080), Err(StatusCode::BAD_REQUEST));
    }

    #[test]
    fn two_hosts_are_none() {
        let mut headers = HeaderMap::new();
        headers.append(header::HOST, "localhost:8080".parse().unwrap());
        headers.append(header::HOST, "example.com".parse().unwrap());
        assert_eq!(judge(&headers, 8080), Err(StatusCode::BAD_REQUEST));
    }
}
