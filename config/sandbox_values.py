"""The fixed values of sandbox mode (public on purpose: anyone can sign a webhook by hand). Live mode refuses them."""

from __future__ import annotations

VALUES: dict[str, str] = {
    "CALENDLY_API_TOKEN": "sandbox-calendly-token",
    "CALENDLY_WEBHOOK_SECRET": "sandbox-calendly-signing-key",
    "ACUITY_USER_ID": "10000001",
    "ACUITY_API_KEY": "sandbox-acuity-api-key",
    "SQUARE_ACCESS_TOKEN": "sandbox-square-access-token",
    "SQUARE_WEBHOOK_SIGNATURE_KEY": "sandbox-square-signature-key",
    "CALCOM_API_KEY": "sandbox-calcom-api-key",
    "CALCOM_WEBHOOK_SECRET": "sandbox-calcom-secret",
    "CUSTOM_WEBHOOK_SECRET": "whsec_c2FuZGJveC1jdXN0b20td2ViaG9vay1zZWNyZXQ=",
    "EASYAPPOINTMENTS_API_TOKEN": "sandbox-easyappointments-api-token",
    "EASYAPPOINTMENTS_WEBHOOK_TOKEN": "sandbox-easyappointments-webhook-token",
    "TWILIO_ACCOUNT_SID": "AC" + 32 * "a",
    "TWILIO_AUTH_TOKEN": "sandbox-twilio-auth-token",
    "TWILIO_PHONE_NUMBER": "+15005550006",
    "TWILIO_WHATSAPP_NUMBER": "+15005550010",
    "STRIPE_SECRET_KEY": "sk_test_sandbox",
    "STRIPE_WEBHOOK_SECRET": "whsec_sandbox",
}
