#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "store/journal.hpp"
#include "store/people_keys.hpp"

// How the command journal keeps what names people: body, plan and answer sealed as one text each,
// and claims of what people are found by as codes.
namespace vitrine::store {

/// Reads of a journal, with what is sealed in it open, or {"erased":true}.
class PeopleJournal : public Journal {
public:
    PeopleJournal(Journal& journal, PeopleKeys& keys) : journal_(journal), keys_(keys) {}

    std::optional<CommandRecord> find(const TenantId& tenant, const CommandId& id) override;
    std::optional<CommandRecord> find_by_key(
        const TenantId& tenant, const std::string& idempotency_key
    ) override;
    std::vector<CommandRecord> unfinished() override;
    std::vector<CommandRecord> unfinished(const std::string& owner, Timestamp now) override;
    std::vector<CommandId> ended(
        const TenantId& tenant, Timestamp before, const CommandId& after, std::size_t limit
    ) override;
    std::vector<CommandRecord> list(const TenantId& tenant, const CommandFilter& filter) override;
    std::optional<CommandId> holder(const TenantId& tenant, const Claim& claim) override;

private:
    void open(CommandRecord& record);
    void open(const CommandRecord& record, const char* member, JsonText& text);

    Journal& journal_;
    PeopleKeys& keys_;
};

/// The people whose data a write has; empty names a person who is not known.
void for_each_person(
    const JournalWrite& write, const std::function<void(const std::string& person)>& visit
);

/// nullptr: the person is erased, and so is what is written of it.
using KeyOfPerson = std::function<std::shared_ptr<const PersonKey>(const std::string& person)>;

void seal_journal(const TenantId& tenant, JournalWrite& write, const KeyOfPerson& key_of);

/// A claim as it was asked for and as it is stored.
struct ClaimCode {
    Claim asked;
    Claim stored;
};

/// Puts codes in the place of what names people in the claims of a write; those that it replaced.
std::vector<ClaimCode> codes_of_claims(
    const TenantId& tenant, std::optional<JournalWrite>& write, PeopleKeys& keys
);

}  // namespace vitrine::store
