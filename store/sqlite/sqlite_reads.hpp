#pragma once

#include <memory>

#include "store/event_store.hpp"
#include "store/sqlite/sqlite_journal.hpp"

namespace vitrine::store::sqlite {

/// What the writing and the read-only store have in common: every read.
class SqliteReads : public EventStore {
public:
    explicit SqliteReads(const std::filesystem::path& directory)
        : readers_(std::make_shared<ReaderPool>(directory)), journal_(readers_) {}

    std::vector<RecordedEvent> read_stream(
        const TenantId& tenant,
        const StreamName& stream,
        Version from,
        std::size_t limit,
        Direction direction
    ) override {
        return readers_->use([&](Reader& reader) {
            return reader.events.stream(tenant, stream, from, limit, direction);
        });
    }
    Version stream_version(const TenantId& tenant, const StreamName& stream) override {
        return readers_->use([&](Reader& reader) {
            return reader.events.stream_version(tenant, stream);
        });
    }
    void read_all_into(
        std::vector<RecordedEvent>& events,
        Position from,
        const Filter& filter,
        std::size_t limit,
        Direction direction,
        Detail detail
    ) override {
        readers_->use([&](Reader& reader) {
            reader.events.page(events, from, filter, limit, direction, detail);
        });
    }
    Position head() override {
        return readers_->use([](Reader& reader) { return reader.events.head(); });
    }
    Position position_at(Timestamp time) override {
        return readers_->use([&](Reader& reader) {
            return reader.events.position_at(time, reader.events.head());
        });
    }
    Journal& journal() override { return journal_; }

protected:
    const std::shared_ptr<ReaderPool>& readers() const { return readers_; }

private:
    std::shared_ptr<ReaderPool> readers_;
    SqliteJournal journal_;
};

}  // namespace vitrine::store::sqlite
