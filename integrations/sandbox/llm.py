"""Stands for a language model: an OpenAI-compatible answer from a few keywords, always the same for the same text."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from integrations.sandbox.calls import Answer, Api, Call, RefusedError
from integrations.sandbox.fields import strict_json

MODEL = "sandbox-keywords"
# First match wins; a text that asks for two things is left to a person.
_LABELS: tuple[tuple[str, str], ...] = (
    ("opt_out", r"\b(stop|unsubscribe|remove me|no more (texts|messages))\b"),
    ("running_late", r"\b(running late|be late|stuck in traffic|min(utes)? late)\b"),
    ("reschedule", r"\b(reschedul\w*|another (day|time)|different (day|time)|move it|postpone|instead)\b"),
    ("cancel", r"\b(cancel\w*|can'?t (come|make it)|cannot (come|make it)|won'?t (come|make it|be there))\b"),
    ("confirm", r"\b(confirm\w*|yes|yep|sure|ok(ay)?|see you|i'?ll be there|sounds good)\b"),
    ("question", r"\?|\b(where|when|how|what|which)\b"),
)
_MARKED = re.compile(r"<(\w+)>(.*)</\1>|```(.*)```", re.DOTALL)


def classify(text: str) -> tuple[str, float]:
    """A label and how sure it is, 0..1; `unclear` when nothing or too much matches."""
    found = [label for label, pattern in _LABELS if re.search(pattern, text, re.IGNORECASE)]
    actions = [label for label in found if label != "question"]
    if not found:
        return "unclear", 0.4
    if len(actions) > 1:
        return "unclear", 0.55
    return found[0], 0.93 if len(found) == 1 else 0.78


def _authorize(call: Call) -> None:
    """A local model asks for no key."""


def _refuse(refused: RefusedError) -> Answer:
    kind = "rate_limit_error" if refused.status == 429 else "invalid_request_error"
    error = {"message": refused.message, "type": kind, "code": str(refused.code) or None}
    return Answer(refused.status, {"error": error}, refused.headers)


async def _complete(call: Call) -> Answer:
    request = strict_json(call.body)
    text = _last_user_text(request)
    label, confidence = classify(_reply_in(text))
    content = json.dumps({"label": label, "confidence": confidence})
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    body = {
        "id": f"chatcmpl-{hashlib.sha256(call.body).hexdigest()[:24]}",
        "object": "chat.completion",
        "created": int(call.world.clock.timestamp()),
        "model": str(request.get("model") or MODEL),
        "choices": [choice],
        "usage": _usage(text, content),
    }
    return Answer(200, body)


def _usage(text: str, content: str) -> dict[str, int]:
    """About four characters to a token."""
    asked, answered = len(text) // 4 + 1, len(content) // 4 + 1
    return {"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered}


def _last_user_text(request: Any) -> str:
    messages = request.get("messages") if isinstance(request, dict) else None
    if not isinstance(messages, list):
        raise RefusedError(400, "invalid_messages", "'messages' must be a list.")
    texts = [
        message.get("content") for message in messages if isinstance(message, dict) and message.get("role") == "user"
    ]
    if not texts or not isinstance(texts[-1], str):
        raise RefusedError(400, "invalid_messages", "There must be a user message with text.")
    return texts[-1]


def _reply_in(text: str) -> str:
    """The patient's words: prompts wrap them in JSON, in tags or in a fence; the rest would be read as an answer."""
    try:
        wrapped = json.loads(text)
    except (ValueError, RecursionError):
        wrapped = None
    if isinstance(wrapped, dict):
        inner = next(
            (wrapped[name] for name in ("text", "reply", "message") if isinstance(wrapped.get(name), str)), None
        )
        return inner if inner is not None else text
    marked = _MARKED.search(text)
    return (marked.group(2) or marked.group(3) or "") if marked else text


async def _models(_call: Call) -> Answer:
    return Answer(200, {"object": "list", "data": [{"id": MODEL, "object": "model", "owned_by": "sandbox"}]})


API = Api(
    name="llm",
    prefix="/llm",
    routes={"/llm/v1/chat/completions": {"POST": _complete}, "/llm/v1/models": {"GET": _models}},
    authorize=_authorize,
    refuse=_refuse,
)
