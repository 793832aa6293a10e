#include "commands/engine/intake.hpp"

#include <cmath>

#include "commands/problem_of.hpp"
#include "core/sha256.hpp"

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
    return sha256_hex(request.method + '\n' + request.path + '\n' + canonical.dump());
}

std::optional<Problem> choose_target(Intake& intake, const UuidSource& new_id) {
    const auto& definition = *intake.definition;
    if (definition.creates) {
        const auto id_in = definition.handler.id_in;
        intake.entity_id = intake.former      ? intake.former->entity_id
                           : id_in != nullptr ? id_in(intake.body)
                                              : new_id();
    } else {
        intake.entity_id = intake.request.entity_id;
        if (!definition.entity.is_id(intake.entity_id))
            return problem_named("not-found", no_such_thing(definition.entity.this_one));
    }
    aim_at(intake, intake.entity_id);
    return std::nullopt;
}

void aim_at(Intake& intake, std::string id) {
    intake.entity_id = std::move(id);
    intake.head.stream = StreamName(
        std::string(intake.definition->entity.category_of_streams()) + "-" + intake.entity_id
    );
}

}  // namespace vitrine::commands
