#include "api/keys/open_log.hpp"

#include "api/keys/open_people.hpp"
#include "store/open_store.hpp"

namespace vitrine::api {

OpenLog::OpenLog(const std::filesystem::path& data, const std::filesystem::path& master_key_file)
    : log_(store::open_store(store::url_of(data))),
      people_(
          *log_, open_people(data, master_key_file, system_clock()), {.clock = system_clock()}
      ) {}

std::unique_ptr<store::EventStore> open_log_read_only(
    const std::filesystem::path& data,
    const std::filesystem::path& master_key_file,
    store::PeopleView view
) {
    auto keys = view == store::PeopleView::open ? open_people_read_only(data, master_key_file)
                                                : open_people_read_only(data, std::nullopt);
    return store::with_people_viewed(
        store::open_store_read_only(store::url_of(data)), std::move(keys), view
    );
}

}  // namespace vitrine::api
