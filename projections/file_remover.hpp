#pragma once

#include <boost/asio/thread_pool.hpp>
#include <filesystem>

namespace vitrine::projections {

/// Removes a read model's file and what SQLite keeps beside it. What cannot be removed stays until
/// the next start.
void remove_model_file(const std::filesystem::path& file);

/// Does that on a thread of its own: a disk can take a third of a second for a large file, for
/// which no query waits. Concurrency: any thread.
class FileRemover {
public:
    ~FileRemover();  // when all are removed

    void remove(std::filesystem::path file);

private:
    boost::asio::thread_pool thread_{1};
};

}  // namespace vitrine::projections
