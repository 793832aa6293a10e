#include "commands/problem.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace vitrine::commands {
namespace {

constexpr ProblemType types[] = {
    {"malformed-request",
     "The request cannot be read",
     400,
     "Send one well-formed JSON object in UTF-8, without NUL characters, without repeated members, "
     "and nested at "
     "most 64 deep."},
    {"webhook-timestamp",
     "The webhook is not from now",
     400,
     "X-Clubify-Timestamp must be within 300 seconds of our time. Check both clocks; an old "
     "delivery "
     "must be sent anew."},
    {"webhook-signature",
     "The webhook is not signed by this tenant's platform",
     401,
     "X-Clubify-Signature is the HMAC-SHA256 of the raw body with the tenant's webhook secret, in "
     "hexadecimal. The tenant must be registered with that secret."},
    {"unauthorized",
     "No valid API key",
     401,
     "Send 'Authorization: Bearer <api key>' with a key that has not been revoked."},
    {"forbidden",
     "The key's role does not allow this",
     403,
     "Use a key of the role operator or admin for commands; a reader's key can only ask."},
    {"not-found",
     "There is no such thing",
     404,
     "Check the id in the path. Ids of other tenants are never found."},
    {"method-not-allowed", "The path does not know this method", 405, "See the Allow header."},
    {"not-acceptable",
     "The answer is not to be had in that form",
     406,
     "Leave Accept out, or accept application/json."},
    {"request-timeout",
     "The request did not arrive in time",
     408,
     "Send the whole request without long pauses."},
    {"illegal-transition",
     "The offer's status does not allow this",
     409,
     "Read the offer: drafts and paused offers can be activated, active ones paused, and archived "
     "ones no longer "
     "changed."},
    {"slug-taken",
     "The slug belongs to another offer",
     409,
     "Choose another slug, or leave it out to have one made."},
    {"product-already-in-offer",
     "The product is in the offer already",
     409,
     "Change the product in the offer instead of adding it again."},
    {"command-in-flight",
     "Another command is at work here",
     409,
     "Wait for as long as Retry-After says, then send the request again."},
    {"missing-on-clubify",
     "Clubify no longer has it",
     409,
     "It was deleted on the platform. Create it anew."},
    {"version-given-up",
     "That version was given up",
     410,
     "Its event could not be read, and an operator has dismissed it: it will not be there. Ask for "
     "another version; GET /v1/offers/{id}/events has the event as it is in the log."},
    {"length-required",
     "The request does not say how long its body is",
     411,
     "Send the body with Content-Length, or chunked."},
    {"version-mismatch",
     "The expected version is not the present one",
     412,
     "Read the present state, decide again, and send its ETag as If-Match."},
    {"body-too-large",
     "The body is too large",
     413,
     "Send less in one request: at most 1 MiB, unless the operator has set another limit."},
    {"unsupported-media-type", "The body is not JSON", 415, "Send 'Content-Type: application/json'."
    },
    {"validation-failed",
     "The request breaks a rule",
     422,
     "Mend all that 'errors' points to; nothing was done."},
    {"clubify-refused", "Clubify refused it", 422, "The detail holds the platform's own words."},
    {"idempotency-key-reused",
     "The Idempotency-Key was used for another request",
     422,
     "Use a new key for a new request; the same key needs the same method, path and body."},
    {"rate-limited",
     "Too many requests with this key",
     429,
     "Wait for as long as Retry-After says. RateLimit-Remaining tells how many are left in the "
     "window."},
    {"header-too-large", "The header is too large", 431, "Send fewer or shorter header fields."},
    {"internal-error",
     "Something went wrong here",
     500,
     "The log has more under the correlation id."},
    {"stream-unreadable",
     "An event of the stream cannot be read",
     500,
     "Nothing was done; other streams are not concerned. Tell the operator the position: the "
     "server's log has the reason, and vitrine verify tells whether the event was altered."},
    {"clubify-credentials",
     "Clubify does not accept the tenant's credentials",
     502,
     "Have the operator register the tenant's Clubify API key anew."},
    {"clubify-unavailable",
     "Clubify could not be reached or could not answer",
     502,
     "Nothing was done. Send the same request with the same Idempotency-Key again."},
    {"overloaded",
     "Too much at once",
     503,
     "Wait for as long as Retry-After says, then send the request again."},
    {"not-ready",
     "The answer is not ready yet",
     503,
     "Wait for as long as Retry-After says, then ask again."},
    {"shutting-down", "The server is shutting down", 503, "Send the request again when it is back."
    },
    {"storage-unavailable",
     "The store cannot be written now",
     503,
     "Nothing was stored. Send the request again later; the operator should look at the disk."},
    {"disk-full", "The disk is full", 507, "The operator must free disk space. Reads go on."},
};

}  // namespace

std::span<const ProblemType> problem_types() {
    return types;
}

const ProblemType& problem_type(std::string_view name) {
    const auto* found = std::ranges::find(types, name, &ProblemType::name);
    if (found == std::end(types)) throw std::logic_error("no problem type " + std::string(name));
    return *found;
}

int Problem::http_status() const {
    return status.value_or(problem_type(type).status);
}

std::string Problem::to_json() const {
    const auto& kind = problem_type(type);
    nlohmann::ordered_json json;
    json["type"] = "/problems/" + std::string(kind.name);
    json["title"] = kind.title;
    json["status"] = http_status();
    json["detail"] = detail.empty() ? std::string(kind.help) : detail;
    if (!instance.empty()) json["instance"] = instance;
    if (current_version) json["current_version"] = *current_version;
    if (!faults.empty()) {
        auto& errors = json["errors"] = nlohmann::ordered_json::array();
        for (const auto& fault : faults) {
            nlohmann::ordered_json error;
            error["pointer"] = fault.pointer;
            error["code"] = fault.code;
            error["detail"] = fault.detail;
            errors.push_back(std::move(error));
        }
    }
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace vitrine::commands
