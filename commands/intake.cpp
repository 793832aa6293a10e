#include "commands/intake.hpp"

#include <openssl/sha.h>

#include "commands/problem_of.hpp"
#include "core/text.hpp"

namespace vitrine::commands {
namespace {

std::string free_slug(
    const std::string& base, const std::function<bool(const std::string&)>& is_free
) {
    constexpr std::size_t longest = 100;
    auto slug = base;
    for (std::uint64_t number = 2; !is_free(slug); ++number) {
        const auto suffix = "-" + std::to_string(number);
        slug = base.substr(0, longest - suffix.size()) + suffix;
    }
    return slug;
}

}  // namespace

/// SHA-256 of method, path and canonical body: the same request has the same one, however it was
/// written.
std::string fingerprint_of(const CommandRequest& request, const Json& body) {
    const auto text = request.method + '\n' + request.path + '\n' + nlohmann::json(body).dump();
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
    return to_hex({reinterpret_cast<const char*>(digest), sizeof digest});
}

std::optional<Problem> choose_target(
    Intake& intake,
    const UuidSource& new_id,
    const std::function<bool(const std::string&)>& slug_is_free
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
    if (definition.has_slug) {
        const auto given = text_member(intake.body, "slug");
        if (intake.former) {
            intake.slug = intake.former->slug;
        } else if (given) {
            intake.slug = *given;
        } else {
            intake.slug =
                free_slug(slugify(intake.body.at("name").get<std::string>()), slug_is_free);
        }
    }
    intake.head.stream = StreamName(std::string(definition.entity) + "-" + intake.entity_id);
    return std::nullopt;
}

store::Reservation slug_reservation(std::string slug) {
    return {"slug", std::move(slug)};
}

std::string turn_key(const TenantId& tenant, const store::Reservation& reservation) {
    return tenant.str() + '/' + reservation.kind + ':' + reservation.key;
}

std::vector<std::string> turn_keys(
    const TenantId& tenant, const StreamName& stream, const std::string& slug
) {
    std::vector<std::string> keys{tenant.str() + '/' + stream.str()};
    if (!slug.empty()) keys.push_back(turn_key(tenant, slug_reservation(slug)));
    return keys;
}

}  // namespace vitrine::commands
