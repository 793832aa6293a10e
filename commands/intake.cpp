#include "commands/intake.hpp"

#include <openssl/sha.h>

#include <cmath>

#include "commands/problem_of.hpp"
#include "core/text.hpp"

namespace vitrine::commands {
namespace {

/// 100.0 and 1e2 are the integer 100.
void write_integers_alike(nlohmann::json& json) {
    constexpr double exact = 9007199254740992;  // 2^53
    if (json.is_structured()) {
        for (auto& each : json) write_integers_alike(each);
    } else if (json.is_number_float()) {
        const auto number = json.get<double>();
        if (std::trunc(number) == number && std::abs(number) < exact)
            json = static_cast<std::int64_t>(number);
    }
}

}  // namespace

/// SHA-256 of method, path and canonical body: the same request has the same one, however it was
/// written.
std::string fingerprint_of(const CommandRequest& request, const Json& body) {
    nlohmann::json canonical = body;
    write_integers_alike(canonical);
    const auto text = request.method + '\n' + request.path + '\n' + canonical.dump();
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
    return to_hex({reinterpret_cast<const char*>(digest), sizeof digest});
}

std::optional<Problem> choose_target(
    Intake& intake, const UuidSource& new_id, const std::function<bool(const Claim&)>& is_free
) {
    const auto& definition = *intake.definition;
    if (!definition.creates) {
        intake.entity_id = intake.request.entity_id;
        if (!is_uuid(intake.entity_id)) {
            return problem_named("not-found", no_such_thing(definition.entity));
        }
    } else {
        intake.entity_id = intake.former ? intake.former->entity_id : new_id();
    }
    if (definition.claims != nullptr) {
        const auto* former = intake.former ? &intake.former->claims : nullptr;
        intake.claims = definition.claims({intake.body, former, is_free});
    }
    intake.head.stream = StreamName(std::string(definition.entity) + "-" + intake.entity_id);
    return std::nullopt;
}

}  // namespace vitrine::commands
