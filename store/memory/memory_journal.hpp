#pragma once

#include <map>
#include <mutex>
#include <tuple>

#include "store/event_store.hpp"

namespace vitrine::store::memory {

/// The command journal of a MemoryEventStore. The lock is the store's; the writing members are
/// called with it held.
class MemoryJournal : public Journal {
public:
    explicit MemoryJournal(std::mutex& mutex) : mutex_(mutex) {}

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

    /// Why the write cannot be; nullopt: it can.
    std::optional<AppendError> refuse(const TenantId& tenant, const JournalWrite& write) const;

    /// `last`: of the append's events; 0: it had none.
    void write(const TenantId& tenant, const JournalWrite& write, Position last);

private:
    using Key = std::pair<TenantId, CommandId>;
    using ClaimKey = std::tuple<TenantId, std::string, std::string>;

    const CommandRecord* known(const TenantId& tenant, const CommandId& id) const;
    std::optional<AppendError> refuse_one(const TenantId& tenant, const Accept& accept) const;
    std::optional<AppendError> refuse_one(const TenantId& tenant, const Progress& progress) const;
    std::optional<AppendError> refuse_one(const TenantId& tenant, const Conclude& conclude) const;
    std::optional<AppendError> refuse_one(const TenantId& tenant, const ConcludeAll& all) const;
    std::optional<AppendError> refuse_one(const TenantId& tenant, const TakeOver& take_over) const;
    std::optional<AppendError> refuse_one(const TenantId& tenant, const Renew& renew) const;
    std::optional<AppendError> refuse_key(const TenantId& tenant, const CommandHead& head) const;
    std::optional<AppendError> refuse_stream(const TenantId& tenant, const Accept& accept) const;
    std::optional<AppendError> refuse_claims(
        const TenantId& tenant, const CommandId& id, const std::vector<Claim>& claims
    ) const;
    CommandRecord& row(const TenantId& tenant, const CommandHead& head);
    void conclude(const TenantId& tenant, const Conclude& conclude, Position last);
    void forget(const TenantId& tenant, const CommandId& id);
    void make_claims(const TenantId& tenant, const CommandId& id, const std::vector<Claim>& claims);

    void release(const TenantId& tenant, const HeldClaim& key);

    std::mutex& mutex_;
    std::map<Key, CommandRecord> rows_;
    std::map<std::pair<TenantId, std::string>, CommandId> keys_;
    std::map<ClaimKey, CommandId> claims_;
    std::int64_t sequence_ = 0;
};

}  // namespace vitrine::store::memory
