//! Images on the wire: as data URLs, which every server that sees images reads.

use crate::domain::image::Image;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// `data:image/png;base64,…`.
pub(super) fn data_url(image: &Image) -> String {
    let mut url = format!("data:{};base64,", image.kind.mime());
    STANDARD.encode_string(&image.bytes, &mut url);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_url_holds_the_very_bytes() {
        let image = Image::new("photo", b"GIF89a\0\xff\xfe".to_vec()).unwrap();
        assert_eq!(data_url(&image), "data:image/gif;base64,R0lGODlhAP/+");
    }
}
