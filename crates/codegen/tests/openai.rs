//! The OpenAI-compatible provider against a server of our own.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;

use dice_codegen::{
    Answer, Form, Key, Llm, LlmError, OpenAi, OpenAiOptions, Settings, TokenPrices,
};
use dice_model::Usage;
use serde_json::json;
use wiremock::matchers::{body_partial_json, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const KEY: &str = "sk-very-secret";

fn provider(server: &MockServer) -> OpenAi {
    let settings = Settings {
        url: format!("{}/v1", server.uri()),
        model: "coder".to_owned(),
        key: Some(Key::new(KEY)),
        prices: Some(TokenPrices {
            prompt_micro_usd: 1_000_000,
            answer_micro_usd: 2_000_000,
        }),
        form: Form::Full,
    };
    let options = OpenAiOptions {
        timeout: Duration::from_millis(300),
        retries: 2,
        first_pause: Duration::from_millis(1),
        longest_pause: Duration::from_millis(5),
        ..OpenAiOptions::default()
    };
    OpenAi::new(settings, options).unwrap()
}

async fn ask(server: &MockServer) -> Result<Answer, LlmError> {
    let provider = provider(server);
    assert!(
        !format!("{provider:?}").contains(KEY),
        "Debug shows the key"
    );
    let request = dice_codegen::request(&support::cars(), &support::catalog(), Form::Full);
    let answer = provider.complete(&request).await;
    if let Err(error) = &answer {
        assert!(
            !format!("{error} {error:?}").contains(KEY),
            "an error shows the key: {error}"
        );
    }
    answer
}

fn good() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({
        "choices": [{"message": {"role": "assistant", "content": "Hello"}}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
    }))
}

/// `first` is answered `times` times, then the good answer comes.
async fn server(first: ResponseTemplate, times: u64) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .respond_with(first)
        .up_to_n_times(times)
        .mount(&server)
        .await;
    Mock::given(method("POST"))
        .respond_with(good())
        .mount(&server)
        .await;
    server
}

async fn requests(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

#[tokio::test]
async fn an_answer_with_its_tokens_and_price() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v1/chat/completions"))
        .and(header("authorization", format!("Bearer {KEY}").as_str()))
        .and(body_partial_json(
            json!({"model": "coder", "temperature": 0.0}),
        ))
        .respond_with(good())
        .expect(1)
        .mount(&server)
        .await;
    let answer = ask(&server).await.unwrap();
    assert_eq!(
        (answer.text.as_str(), answer.source.label()),
        ("Hello", "coder".to_owned())
    );
    let usage = Usage::LanguageModel {
        model: "coder".into(),
        prompt_tokens: 100,
        answer_tokens: 10,
        micro_usd: Some(120),
    };
    assert_eq!(answer.usage(), Some(usage));
}

#[tokio::test]
async fn what_may_pass_is_tried_again() {
    for status in [429, 500, 502, 503, 408] {
        let server = server(
            ResponseTemplate::new(status).set_body_string("<html>later</html>"),
            2,
        )
        .await;
        assert_eq!(ask(&server).await.unwrap().text, "Hello", "{status}");
        assert_eq!(requests(&server).await, 3);
    }
}

#[tokio::test]
async fn patience_ends() {
    let server = server(ResponseTemplate::new(503).set_body_string("down"), 9).await;
    let error = ask(&server).await.unwrap_err();
    assert!(
        error.to_string().ends_with("is busy (503): down"),
        "{error}"
    );
    assert_eq!(requests(&server).await, 3);
}

#[tokio::test]
async fn a_slow_answer_times_out_and_is_asked_for_again() {
    let late = good().set_delay(Duration::from_secs(5));
    let slow_once = server(late.clone(), 1).await;
    assert_eq!(ask(&slow_once).await.unwrap().text, "Hello");

    let always = server(late, 9).await;
    let error = ask(&always).await.unwrap_err();
    assert!(
        error.to_string().ends_with("did not answer within 0.3 s"),
        "{error}"
    );
}

#[tokio::test]
async fn a_refused_key_is_said_at_once_and_never_shown() {
    let body = json!({"error": {"message": format!("Incorrect API key provided: {KEY}."), "code": "invalid_api_key"}});
    let server = server(ResponseTemplate::new(401).set_body_json(body), 9).await;
    let error = ask(&server).await.unwrap_err();
    assert!(matches!(error, LlmError::KeyRefused { status: 401, .. }));
    assert!(
        error
            .to_string()
            .contains("Incorrect API key provided: [key]."),
        "{error}"
    );
    assert!(error.to_string().ends_with("check DICE_LLM_KEY"), "{error}");
    assert_eq!(requests(&server).await, 1);
}

#[tokio::test]
async fn no_quota_is_not_waited_for() {
    let body = json!({"error": {"message": "You exceeded your current quota.", "code": "insufficient_quota"}});
    let server = server(ResponseTemplate::new(429).set_body_json(body), 9).await;
    assert!(matches!(
        ask(&server).await,
        Err(LlmError::Refused { status: 429, .. })
    ));
    assert_eq!(requests(&server).await, 1);
}

#[tokio::test]
async fn other_refusals_keep_their_reason() {
    let plain = server(
        ResponseTemplate::new(404).set_body_string("no such model"),
        9,
    )
    .await;
    assert!(
        ask(&plain)
            .await
            .unwrap_err()
            .to_string()
            .ends_with("refused the request (404): no such model")
    );
    let huge = server(
        ResponseTemplate::new(400).set_body_string("é".repeat(100_000)),
        9,
    )
    .await;
    assert!(ask(&huge).await.unwrap_err().to_string().len() < 1000);
}

#[tokio::test]
async fn answers_that_are_none_are_errors() {
    for body in [
        "",
        "[]",
        r#"{"choices": []}"#,
        r#"{"choices": [{"message": {"content": null}}]}"#,
    ] {
        let server = server(ResponseTemplate::new(200).set_body_string(body), 9).await;
        assert!(
            matches!(ask(&server).await, Err(LlmError::NotUnderstood { .. })),
            "{body}"
        );
    }
}

#[tokio::test]
async fn nobody_there() {
    let settings = Settings {
        url: "http://user:hunter2@127.0.0.1:9/v1".into(),
        model: "coder".into(),
        key: None,
        prices: None,
        form: Form::Full,
    };
    let options = OpenAiOptions {
        retries: 0,
        ..OpenAiOptions::default()
    };
    let provider = OpenAi::new(settings, options).unwrap();
    let request = dice_codegen::request(&support::cars(), &support::catalog(), Form::Full);
    let error = provider.complete(&request).await.unwrap_err();
    assert!(matches!(error, LlmError::Unreachable { .. }));
    assert!(
        error.to_string().contains("http://127.0.0.1:9/v1")
            && !error.to_string().contains("hunter2"),
        "{error}"
    );
    assert!(!provider.name().contains("hunter2"));
}
