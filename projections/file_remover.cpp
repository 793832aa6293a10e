#include "projections/file_remover.hpp"

#include <boost/asio/post.hpp>
#include <system_error>

namespace vitrine::projections {

void remove_model_file(const std::filesystem::path& file) {
    // The file last: what a kill leaves is found by it at the next start.
    for (const auto* suffix : {"-wal", "-shm", "-journal", ""}) {
        std::error_code ignored;
        std::filesystem::remove(file.string() + suffix, ignored);
    }
}

FileRemover::~FileRemover() {
    thread_.join();
}

void FileRemover::remove(std::filesystem::path file) {
    boost::asio::post(thread_, [file = std::move(file)] { remove_model_file(file); });
}

}  // namespace vitrine::projections
