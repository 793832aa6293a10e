#pragma once

#include <memory>

#include "store/journal.hpp"
#include "store/sqlite/reader_pool.hpp"

namespace vitrine::store::sqlite {

/// The command journal, read on the pool's connections.
class SqliteJournal : public Journal {
public:
    explicit SqliteJournal(std::shared_ptr<ReaderPool> readers) : readers_(std::move(readers)) {}

    std::optional<CommandRecord> find(const TenantId& tenant, const CommandId& id) override {
        return readers_->use([&](Reader& reader) { return reader.journal.find(tenant, id); });
    }
    std::optional<CommandRecord> find_by_key(
        const TenantId& tenant, const std::string& idempotency_key
    ) override {
        return readers_->use([&](Reader& reader) {
            return reader.journal.find_by_key(tenant, idempotency_key);
        });
    }
    std::vector<CommandRecord> unfinished() override {
        return readers_->use([](Reader& reader) { return reader.journal.unfinished(); });
    }
    std::vector<CommandRecord> unfinished(const std::string& owner, Timestamp now) override {
        return readers_->use([&](Reader& reader) { return reader.journal.unfinished(owner, now); });
    }
    std::vector<CommandId> ended(
        const TenantId& tenant, Timestamp before, const CommandId& after, std::size_t limit
    ) override {
        return readers_->use([&](Reader& reader) {
            return reader.journal.ended(tenant, before, after, limit);
        });
    }
    std::vector<CommandRecord> list(const TenantId& tenant, const CommandFilter& filter) override {
        return readers_->use([&](Reader& reader) { return reader.journal.list(tenant, filter); });
    }
    std::optional<CommandId> holder(const TenantId& tenant, const Claim& claim) override {
        return readers_->use([&](Reader& reader) { return reader.journal.holder(tenant, claim); });
    }

private:
    std::shared_ptr<ReaderPool> readers_;
};

}  // namespace vitrine::store::sqlite
