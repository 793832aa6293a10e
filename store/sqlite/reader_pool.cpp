#include "store/sqlite/reader_pool.hpp"

#include "store/sqlite/connection.hpp"

namespace vitrine::store::sqlite {
namespace {

constexpr std::size_t kept_limit = 8;

}  // namespace

Reader::Reader(const std::filesystem::path& directory)
    : connection(open_for_reading(directory)),
      events(connection.getHandle()),
      journal(connection.getHandle()) {}

std::unique_ptr<Reader> ReaderPool::take() {
    {
        const std::scoped_lock lock(mutex_);
        if (!idle_.empty()) {
            auto reader = std::move(idle_.back());
            idle_.pop_back();
            return reader;
        }
    }
    return std::make_unique<Reader>(directory_);
}

void ReaderPool::give_back(std::unique_ptr<Reader> reader) {
    const std::scoped_lock lock(mutex_);
    if (idle_.size() < kept_limit) idle_.push_back(std::move(reader));
}

}  // namespace vitrine::store::sqlite
