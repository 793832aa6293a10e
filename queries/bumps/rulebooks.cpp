#include "queries/bumps/rulebooks.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "events/codec.hpp"
#include "events/rulebooks.hpp"
#include "projections/listed.hpp"
#include "queries/bumps/bump_book.hpp"
#include "queries/offers/get_offer.hpp"
#include "queries/parameters.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;

struct Row {
    Json json;
    Version version = 0;
    Position position = 0;
};

/// Of an offer for which nothing was ever drafted an empty one.
std::expected<Row, QueryError> row_of(
    const ReadSide& reads, const TenantId& tenant, const OfferId& offer
) {
    auto lease = reads.projections.read_model(rulebooks_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::ListedReader rows(std::move(*lease), rulebooks_model);
    if (const auto found = rows.find(tenant, offer.view()))
        return Row{Json::parse(found->body), found->version, rows.position()};
    const auto there = get_offer(reads, tenant, offer);
    if (!there) return std::unexpected(there.error());
    Json none{
        {"rulebook_id", offer.str()},
        {"offer_id", offer.str()},
        {"changed", false},
        {"bumps", Json::array()},
        {"revisions", Json::array()},
        {"status", "none"},
        {"version", 0}
    };
    return Row{std::move(none), 0, rows.position()};
}

Answer answer_of(const Json& json, const Row& row) {
    Answer answer;
    answer.body = json.dump();
    answer.position = row.position;
    if (row.version != 0) answer.version = row.version;
    return answer;
}

Json counts_now(const Json& revisions, Timestamp now) {
    for (auto i = revisions.rbegin(); i != revisions.rend(); ++i) {
        const auto from = parse_time(i->at("effective_at").get<std::string>());
        if (from && *from <= now) return i->at("revision");
    }
    return nullptr;
}

/// The revision as it was published. The log has it.
std::expected<Json, QueryError> published(
    const ReadSide& reads,
    const TenantId& tenant,
    const OfferId& offer,
    const Row& row,
    std::string_view number
) {
    const auto wanted = parse_number(number);
    for (const auto& each : row.json.at("revisions")) {
        if (!wanted || each.at("revision") != *wanted) continue;
        const auto told = reads.store.read_stream(
            tenant,
            StreamName("rulebook-" + offer.str()),
            each.at("version").get<Version>(),
            1,
            store::Direction::forwards
        );
        auto json = Json::parse(told.at(0).data);
        json["published_at"] = each.at("published_at");
        return json;
    }
    return std::unexpected(not_found({"there is no such revision", "esta revisão não existe"}));
}

/// Members by their pointers, but for those of bumps: these stand below their names.
Json by_pointer(const Json& revision) {
    Json members{{"max_bumps", revision.at("max_bumps")}};
    for (const auto& bump : revision.at("bumps"))
        members["bumps"][bump.at("bump").get<std::string>()] = bump;
    Json flat = Json::object();
    for (const auto& [pointer, value] : members.flatten().items()) flat[pointer] = value;
    return flat;
}

Phrase words(const std::string& pointer, const Json& before, const Json& after) {
    if (before.is_null())
        return phrase(
            "{} is {} now",
            "{} agora é {}",
            std::string_view(pointer),
            std::string_view(after.dump())
        );
    if (after.is_null())
        return phrase(
            "{} was {} and is there no more",
            "{} era {} e não existe mais",
            std::string_view(pointer),
            std::string_view(before.dump())
        );
    return phrase(
        "{} was {} and is {} now",
        "{} era {} e agora é {}",
        std::string_view(pointer),
        std::string_view(before.dump()),
        std::string_view(after.dump())
    );
}

}  // namespace

Result get_bumps(const ReadSide& reads, const TenantId& tenant, const OfferId& offer) {
    auto row = row_of(reads, tenant, offer);
    if (!row) return std::unexpected(row.error());
    auto json = row->json;
    json["revision"] = counts_now(json.at("revisions"), reads.clock());
    json.erase("revisions");
    return answer_of(json, *row);
}

Result get_revisions(const ReadSide& reads, const TenantId& tenant, const OfferId& offer) {
    auto row = row_of(reads, tenant, offer);
    if (!row) return std::unexpected(row.error());
    Json json{
        {"offer_id", offer.str()},
        {"revision", counts_now(row->json.at("revisions"), reads.clock())},
        {"changed", row->json.at("changed")},
        {"items", row->json.at("revisions")},
    };
    std::reverse(json["items"].begin(), json["items"].end());
    for (auto& each : json["items"]) each.erase("version");
    return answer_of(json, *row);
}

Result get_revision(
    const ReadSide& reads, const TenantId& tenant, const OfferId& offer, std::string_view revision
) {
    const auto row = row_of(reads, tenant, offer);
    if (!row) return std::unexpected(row.error());
    auto found = published(reads, tenant, offer, *row, revision);
    if (!found) return std::unexpected(std::move(found.error()));
    Answer answer;
    answer.body = found->dump();
    answer.position = row->position;
    return answer;
}

Result diff_revisions(
    const ReadSide& reads,
    const TenantId& tenant,
    const OfferId& offer,
    std::string_view first,
    std::string_view second,
    Language language
) {
    const auto row = row_of(reads, tenant, offer);
    if (!row) return std::unexpected(row.error());
    auto one = published(reads, tenant, offer, *row, first);
    if (!one) return std::unexpected(std::move(one.error()));
    auto other = published(reads, tenant, offer, *row, second);
    if (!other) return std::unexpected(std::move(other.error()));
    const auto before = by_pointer(*one), after = by_pointer(*other);
    Json changes = Json::array();
    const auto add = [&](const std::string& pointer, const Json& was, const Json& is) {
        changes.push_back(
            {{"pointer", pointer},
             {"before", was},
             {"after", is},
             {"words", words(pointer, was, is).in(language)}}
        );
    };
    for (const auto& [pointer, was] : before.items()) {
        const auto is = after.find(pointer);
        if (is == after.end()) {
            add(pointer, was, nullptr);
        } else if (*is != was) {
            add(pointer, was, *is);
        }
    }
    for (const auto& [pointer, is] : after.items()) {
        if (!before.contains(pointer)) add(pointer, nullptr, is);
    }
    Answer answer;
    answer.body = Json{
        {"offer_id", offer.str()},
        {"from", one->at("revision")},
        {"to", other->at("revision")},
        {"changes", std::move(changes)}
    }.dump();
    answer.position = row->position;
    answer.language = language;
    return answer;
}

}  // namespace vitrine::queries
