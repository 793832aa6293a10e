#include "sandbox/objects.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/time.hpp"

#include "sandbox/lookup.hpp"

namespace vitrine::sandbox {
namespace {

constexpr std::array<std::string_view, 10> assigned{
    "_id",
    "id",
    "tenantId",
    "tenant_id",
    "createdAt",
    "created_at",
    "updatedAt",
    "updated_at",
    "publishedAt",
    "published_at"
};

/// Of what kinds of objects the platform tells.
const char* event_group(Kind kind) {
    switch (kind) {
        case Kind::offers:
            return "offer";
        case Kind::products:
            return "product";
        case Kind::customers:
            return "customer";
        default:
            return nullptr;
    }
}

}  // namespace

std::string space_of(const Grant& grant) {
    return grant.mode + ':' +
           (grant.tenant.empty() ? "organization " + grant.organization : grant.tenant);
}

bool is_assigned(std::string_view name) {
    return contains(assigned, name);
}

void set_time(Json& object, const char* camel, const char* snake, Timestamp time) {
    auto text = format_time(time);
    object[camel] = text;
    object[snake] = std::move(text);
}

Json new_object(const Call& call) {
    auto object = Json::object();
    auto id = call.world.new_id();
    object["_id"] = id;
    object["id"] = std::move(id);
    object["tenantId"] = call.grant.tenant;
    set_time(object, "createdAt", "created_at", call.now());
    set_time(object, "updatedAt", "updated_at", call.now());
    return object;
}

void merge(Json& object, Json& input, std::span<const std::string_view> except) {
    for (auto it = input.begin(); it != input.end(); ++it) {
        if (is_assigned(it.key()) || contains(except, it.key())) continue;
        object[it.key()] = std::move(it.value());
    }
}

Json load(const Row& row) {
    return Json::parse(row.text);
}

void tell(const Call& call, std::string name, const Json& data) {
    auto* listener = call.world.events;
    if (!listener || !listener->wants(call.space, name)) return;
    listener->tell({call.space, call.grant.organization, std::move(name), data.dump()});
}

Reply store(Call& call, Kind kind, Json& object, int status) {
    if (const auto* group = event_group(kind)) {
        tell(call, std::string(group) + (status == 201 ? ".created" : ".updated"), object);
    }
    auto id = object.at("_id").get<std::string>();
    return {status, call.world.state.put(kind, call.space, std::move(id), object).text};
}

Reply store_changed(Call& call, Kind kind, Json& object) {
    set_time(object, "updatedAt", "updated_at", call.now());
    return store(call, kind, object, 200);
}

std::expected<const Row*, Refusal> find_row(const Call& call, Kind kind, std::string what) {
    const auto* row = call.world.state.table(kind).find(call.space, call.args.front());
    if (!row) return std::unexpected(not_found(std::move(what)));
    return row;
}

}  // namespace vitrine::sandbox
