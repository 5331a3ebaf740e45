#include "image.hpp"

#include <fmt/format.h>

namespace referee::suites::benchmarks {

Image image_of(std::uint64_t seed, std::string_view label, std::string tag, std::size_t layer_size) {
  oci::Random random(seed, label);
  auto package = oci::image(random, layer_size);
  auto child = package.descriptor();
  child.platform = oci::Platform{"amd64", "linux", "", ""};
  auto index = oci::IndexBuilder().manifest(std::move(child)).build();
  proposals::Subject subject{index.descriptor(), std::move(tag), index};
  return {std::move(package), std::move(index), std::move(subject)};
}

tl::expected<void, std::string> push(Client& client, const Image& image) {
  auto pushed = distribution::push_package(*client.registry, client.repository, image.package);
  if (pushed && pushed->status == 201)
    pushed = client.registry->put_manifest(client.repository, image.subject.tag, image.index);
  if (!pushed) return tl::unexpected(pushed.error().message);
  if (pushed->status != 201)
    return tl::unexpected(fmt::format("{} was answered {} instead of 201", pushed->url, pushed->status));
  return {};
}

}  // namespace referee::suites::benchmarks
