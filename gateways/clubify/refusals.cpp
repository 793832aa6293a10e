#include "gateways/clubify/refusals.hpp"

#include "gateways/clubify/checkout_effects.hpp"

namespace vitrine::clubify {
namespace {

using gateways::Refusal;

int status_of_not_done(const CallError& error) {
    // Held back, or told to come later: it is known when to try again.
    if (error.kind == CallError::Kind::not_sent && error.retry_after) return 503;
    if (error.kind != CallError::Kind::unavailable) return 502;
    switch (error.status) {
        case 429:
        case 503:
            return 503;
        case 408:
        case 504:
            return 504;
        default:
            return 502;
    }
}

/// The platform's own words.
Phrase said_by(const CallError& error) {
    return error.message;
}

Phrase went_wrong(const CallError& error) {
    if (error.message.empty()) return {};
    return phrase("{}", "A Clubify não respondeu como deveria: {}", error.message);
}

bool says_already_there(Settle settle, const CallError& error) {
    if (settle != Settle::offer_has_product) return false;
    return error.status == 409 || error.message.english().contains("already exists");
}

}  // namespace

Refusal refusal_of(Settle settle, const CallError& error) {
    if (error.kind == CallError::Kind::credentials) {
        return {"clubify-credentials", 502, "credentials", said_by(error)};
    }
    if (says_already_there(settle, error))
        return {"product-already-in-offer", 409, "conflict", said_by(error)};
    if (settle == Settle::customer && error.status == 409)
        return {"email-taken", 409, "conflict", said_by(error)};
    return {"clubify-refused", 422, "refused", said_by(error)};
}

Phrase no_credentials() {
    return {"The tenant has no Clubify credentials.", "O tenant não tem credenciais da Clubify."};
}

Refusal slug_taken_there(const std::string& slug) {
    return {
        "slug-taken",
        409,
        "conflict",
        phrase(
            "On Clubify the slug \"{}\" belongs to another offer.",
            "Na Clubify o slug \"{}\" pertence a outra oferta.",
            slug
        )
    };
}

Refusal missing_there(Settle settle) {
    if (settle == Settle::customer)
        return {
            "missing-on-clubify",
            409,
            "missing",
            {"The customer was deleted on Clubify.", "O cliente foi apagado na Clubify."}
        };
    if (is_of_checkout(settle))
        return {
            "missing-on-clubify",
            409,
            "missing",
            {"The checkout was deleted on Clubify.", "O checkout foi apagado na Clubify."}
        };
    const bool product = settle == Settle::product_edit_mark;
    return {
        "missing-on-clubify",
        409,
        "missing",
        product ? Phrase("The product was deleted on Clubify.", "O produto foi apagado na Clubify.")
                : Phrase("The offer was deleted on Clubify.", "A oferta foi apagada na Clubify.")
    };
}

Refusal not_done(const CallError& error) {
    return {"clubify-unavailable", status_of_not_done(error), "unavailable", went_wrong(error)};
}

}  // namespace vitrine::clubify
