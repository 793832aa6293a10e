#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace vitrine::sandbox {

/// A file of lines, one for each change.
///
/// Operation: append() hands a line to the journal's own thread, which writes what has gathered and
/// syncs it; what arrives meanwhile shares the next sync. Concurrency: used on one thread, except
/// that `on_failure` is called on the journal's. Errors: the constructor and replace() throw
/// std::runtime_error, for a damaged file StateDamaged. A write that fails later is told to
/// `on_failure`, once, and nothing is written after it.
class Journal {
public:
    using OnFailure = std::function<void(std::string problem)>;
    struct Reader {
        /// False: cannot read this line.
        std::function<bool(std::string_view line)> take;
        /// Whether a line may begin so.
        std::function<bool(std::string_view torn)> could_begin;
    };
    using WriteLine = std::function<void(std::string line)>;

    /// Makes the file if there is none, locks it against a second program, and hands over its
    /// lines. A last line without its end was never answered for: it is cut off. If it is the only
    /// one, it must look like a line: it may be the file of somebody else.
    Journal(std::string path, const Reader& reader, OnFailure on_failure);
    ~Journal();  // writes what is left

    /// Lines in the file when it was opened.
    std::size_t lines() const;

    /// Puts a file of the lines that `write` gives in the place of the old one, at once or not at
    /// all. Before the first append.
    void replace(const std::function<void(const WriteLine&)>& write);

    void append(std::string line);

    /// Waits until all that was appended before is on the disk. False: it could not be written.
    boost::asio::awaitable<bool> durable();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vitrine::sandbox
