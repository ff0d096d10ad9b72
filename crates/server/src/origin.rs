//! Requests of other web pages are refused: a page that somebody looks at must not reach their engine.
//!
//! A page's request says where it comes from (`Origin`), or, by DNS rebinding, whom it thinks it talks
//! to (`Host`). Our own page comes from whom it talks to; neither our commands nor programs send an `Origin`.

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api::Problem;
use crate::problem::Failed;

pub(crate) async fn no_other_pages(request: Request, next: Next) -> Response {
    if is_allowed(request.headers()) {
        return next.run(request).await;
    }
    let detail =
        "requests of other web pages are refused, and so are names other than this machine's";
    let problem = Problem::new(StatusCode::FORBIDDEN, detail);
    let hint =
        "use http://127.0.0.1:PORT, http://localhost:PORT or the Unix socket, without Origin";
    Failed(problem.hint(hint)).into_response()
}

fn is_allowed(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    let host = text(header::HOST);
    let name = host.map(|host| match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    });
    // `dice` and `hermod` are what our own clients say over the Unix socket.
    let known = ["localhost", "127.0.0.1", "[::1]", "dice", "hermod"];
    let from = text(header::ORIGIN);
    let own = |from: &str| from.strip_prefix("http://") == host;
    name.is_none_or(|name| known.contains(&name)) && from.is_none_or(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_rebound_names_are_refused() {
        let check = |lines: &[(header::HeaderName, &str)], expect: bool| {
            let mut headers = HeaderMap::new();
            for (name, value) in lines {
                headers.insert(name, value.parse().expect("a header"));
            }
            assert_eq!(is_allowed(&headers), expect, "{lines:?}");
        };
        check(&[], true);
        check(&[(header::HOST, "127.0.0.1:7460")], true);
        check(&[(header::HOST, "[::1]:7460")], true);
        check(&[(header::HOST, "dice")], true);
        check(&[(header::HOST, "evil.example")], false);
        check(&[(header::HOST, "evil.example:7460")], false);
        let engine = (header::HOST, "127.0.0.1:7460");
        let from = |origin| (header::ORIGIN, origin);
        check(&[engine.clone(), from("http://127.0.0.1:7460")], true);
        for other in [
            "http://evil.example",
            "http://127.0.0.1:7461",
            "http://127.0.0.1",
            "http://localhost:7460",
            "https://127.0.0.1:7460",
            "127.0.0.1:7460",
            "null",
            "",
        ] {
            check(&[engine.clone(), from(other)], false);
        }
        check(&[from("http://127.0.0.1:7460")], false);
        let rebound = (header::HOST, "evil.example:7460");
        check(&[rebound, from("http://evil.example:7460")], false);
    }
}
