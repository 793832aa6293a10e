#include "store/people_journal.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/overloaded.hpp"
#include "store/erased.hpp"
#include "store/person_seal.hpp"

namespace vitrine::store {
namespace {

constexpr std::string_view sealed_start = R"({"sealed":")";
constexpr std::string_view sealed_end = R"("})";

/// Natural keys that name a person.
constexpr std::array<std::string_view, 4> kinds_of_people{
    "email", "phone", "document", "reference"
};

SealedPlace place_of(const TenantId& tenant, const CommandId& id, std::string_view member) {
    return {tenant.view(), "command", id.view(), member};
}

void seal(
    const PersonKey* key,
    const TenantId& tenant,
    const CommandId& id,
    std::string_view member,
    JsonText& text
) {
    if (text.empty()) return;
    if (key == nullptr) {
        text = JsonText(std::string(erased_text));
        return;
    }
    std::string sealed(sealed_start);
    sealed += seal_text(*key, place_of(tenant, id, member), text.text);
    sealed += sealed_end;
    text = JsonText(std::move(sealed));
}

/// nullopt: it is not sealed.
std::optional<std::string_view> seal_in(const JsonText& text) {
    std::string_view inside = text.text;
    if (!inside.starts_with(sealed_start) || !inside.ends_with(sealed_end)) return std::nullopt;
    inside.remove_prefix(sealed_start.size());
    inside.remove_suffix(sealed_end.size());
    if (inside.contains('"')) return std::nullopt;
    return inside;
}

/// Whoever has the fingerprint of a body could try who it was of.
constexpr std::string_view sealed_fingerprint = "sealed:";

void seal_fingerprint(
    const PersonKey* key, const TenantId& tenant, const CommandId& id, std::string& fingerprint
) {
    if (fingerprint.empty()) return;
    fingerprint =
        std::string(sealed_fingerprint) +
        (key == nullptr ? std::string()
                        : seal_text(*key, place_of(tenant, id, "/fingerprint"), fingerprint));
}

bool names_people(const Claim& claim) {
    return std::ranges::find(kinds_of_people, std::string_view(claim.kind)) !=
           kinds_of_people.end();
}

Claim stored(const TenantId& tenant, const Claim& claim, PeopleKeys& keys) {
    if (!names_people(claim)) return claim;
    return {claim.kind, keys.code_of(tenant, claim.kind, claim.key)};
}

}  // namespace

std::optional<CommandRecord> PeopleJournal::find(const TenantId& tenant, const CommandId& id) {
    auto record = journal_.find(tenant, id);
    if (record) open(*record);
    return record;
}

std::optional<CommandRecord> PeopleJournal::find_by_key(
    const TenantId& tenant, const std::string& idempotency_key
) {
    auto record = journal_.find_by_key(tenant, idempotency_key);
    if (record) open(*record);
    return record;
}

std::vector<CommandRecord> PeopleJournal::unfinished() {
    auto records = journal_.unfinished();
    for (auto& record : records) open(record);
    return records;
}

std::vector<CommandRecord> PeopleJournal::unfinished(const std::string& owner, Timestamp now) {
    auto records = journal_.unfinished(owner, now);
    for (auto& record : records) open(record);
    return records;
}

std::vector<CommandId> PeopleJournal::ended(
    const TenantId& tenant, Timestamp before, const CommandId& after, std::size_t limit
) {
    return journal_.ended(tenant, before, after, limit);
}

std::vector<CommandRecord> PeopleJournal::list(
    const TenantId& tenant, const CommandFilter& filter
) {
    auto records = journal_.list(tenant, filter);
    for (auto& record : records) open(record);
    return records;
}

std::optional<CommandId> PeopleJournal::holder(const TenantId& tenant, const Claim& claim) {
    return journal_.holder(tenant, stored(tenant, claim, keys_));
}

void PeopleJournal::open(CommandRecord& record) {
    auto& fingerprint = record.head.fingerprint;
    if (std::string_view sealed = fingerprint; sealed.starts_with(sealed_fingerprint)) {
        sealed.remove_prefix(sealed_fingerprint.size());
        const auto key = keys_.find(record.tenant, key_id_of(sealed));
        const auto place = place_of(record.tenant, record.head.id, "/fingerprint");
        auto opened = key == nullptr ? std::nullopt : open_text(*key, place, sealed);
        fingerprint = opened.value_or("");
    }
    open(record, "/body", record.head.body);
    open(record, "/plan", record.plan);
    if (record.answer) open(record, "/answer", record.answer->body);
}

void PeopleJournal::open(const CommandRecord& record, const char* member, JsonText& text) {
    const auto sealed = seal_in(text);
    if (!sealed) return;
    const auto key = keys_.find(record.tenant, key_id_of(*sealed));
    auto opened = key == nullptr
                      ? std::nullopt
                      : open_text(*key, place_of(record.tenant, record.head.id, member), *sealed);
    text = JsonText(opened ? *std::move(opened) : std::string(erased_text));
}

void for_each_person(
    const JournalWrite& write, const std::function<void(const std::string& person)>& visit
) {
    const auto of = [&](const std::optional<std::string>& person) {
        if (person) visit(*person);
    };
    std::visit(
        overloaded{
            [&](const Accept& accept) { of(accept.head.person); },
            [&](const Progress& progress) { of(progress.person); },
            [&](const Conclude& conclude) { of(conclude.head.person); },
            [&](const ConcludeAll& all) {
                for (const auto& each : all.commands) of(each.head.person);
            },
            [](const auto&) {}
        },
        write
    );
}

void seal_journal(const TenantId& tenant, JournalWrite& write, const KeyOfPerson& key_of) {
    const auto conclude = [&](Conclude& end) {
        if (!end.head.person) return;
        const auto key = key_of(*end.head.person);
        seal_fingerprint(key.get(), tenant, end.head.id, end.head.fingerprint);
        seal(key.get(), tenant, end.head.id, "/body", end.head.body);
        seal(key.get(), tenant, end.head.id, "/answer", end.answer.body);
    };
    std::visit(
        overloaded{
            [&](Accept& accept) {
                if (!accept.head.person) return;
                const auto key = key_of(*accept.head.person);
                seal_fingerprint(key.get(), tenant, accept.head.id, accept.head.fingerprint);
                seal(key.get(), tenant, accept.head.id, "/body", accept.head.body);
                seal(key.get(), tenant, accept.head.id, "/plan", accept.plan);
            },
            [&](Progress& progress) {
                if (!progress.person) return;
                const auto key = key_of(*progress.person);
                seal(key.get(), tenant, progress.id, "/plan", progress.plan);
            },
            conclude,
            [&](ConcludeAll& all) {
                for (auto& each : all.commands) conclude(each);
            },
            [](auto&) {}
        },
        write
    );
}

std::vector<ClaimCode> codes_of_claims(
    const TenantId& tenant, std::optional<JournalWrite>& write, PeopleKeys& keys
) {
    std::vector<ClaimCode> codes;
    if (!write) return codes;
    const auto replace = [&](Claim& claim) {
        if (!names_people(claim)) return;
        auto code = stored(tenant, claim, keys);
        codes.push_back({std::exchange(claim, code), std::move(code)});
    };
    const auto conclude = [&](Conclude& end) {
        for (auto& claim : end.claims) replace(claim);
        for (auto& held : end.releases) replace(held.claim);
    };
    std::visit(
        overloaded{
            [&](Accept& accept) {
                for (auto& claim : accept.claims) replace(claim);
            },
            conclude,
            [&](ConcludeAll& all) {
                for (auto& each : all.commands) conclude(each);
            },
            [&](Hold& hold) {
                for (auto& held : hold.keys) replace(held.claim);
            },
            [](auto&) {}
        },
        *write
    );
    return codes;
}

}  // namespace vitrine::store
