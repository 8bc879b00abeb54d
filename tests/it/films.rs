//! Videos made up for tests: as small as a player would still take.

/// What is in a video.
pub(crate) struct Film {
    /// The picture's codec, as its box is called.
    pub(crate) codec: &'static [u8; 4],
    pub(crate) sound: bool,
    /// Filmed with the phone held upright.
    pub(crate) upright: bool,
    /// Further parts of the table of contents.
    pub(crate) besides: Vec<u8>,
    /// Further tracks of this kind.
    pub(crate) others: Option<&'static [u8; 4]>,
}

impl Default for Film {
    fn default() -> Self {
        Self { codec: b"avc1", sound: true, upright: false, besides: Vec::new(), others: None }
    }
}

/// A part of the file.
pub(crate) fn part(kind: &[u8], inside: &[u8]) -> Vec<u8> {
    let length = u32::try_from(inside.len() + 8).unwrap();
    [&length.to_be_bytes(), kind, inside].concat()
}

/// One that begins with a version and flags.
fn full(kind: &[u8], flags: u32, inside: &[u8]) -> Vec<u8> {
    part(kind, &[&flags.to_be_bytes(), inside].concat())
}

fn numbers(all: &[u32]) -> Vec<u8> {
    all.iter().flat_map(|number| number.to_be_bytes()).collect()
}

const STRAIGHT: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];
const TURNED: [u32; 9] = [0, 0x1_0000, 0, 0xffff_0000, 0, 0, 0, 0, 0x4000_0000];

impl Film {
    /// 640 × 360 pixels, 65.5 seconds.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut contents = full(
            b"mvhd",
            0,
            &[
                numbers(&[0, 0, 1000, 65_500, 0x1_0000]),
                vec![1, 0],
                vec![0; 10],
                numbers(&STRAIGHT),
                vec![0; 24],
                numbers(&[3]),
            ]
            .concat(),
        );
        contents.extend(self.track(1, b"vide", &self.pictures()));
        if self.sound {
            contents.extend(self.track(2, b"soun", &sounds()));
        }
        if let Some(kind) = self.others {
            contents.extend(self.track(3, kind, &part(b"mett", &[0, 0, 0, 0, 0, 0, 0, 1])));
        }
        contents.extend_from_slice(&self.besides);
        let begin = part(b"ftyp", b"isom\0\0\x02\0isomiso2avc1mp41");
        [begin, part(b"moov", &contents), part(b"mdat", &pixels())].concat()
    }

    fn track(&self, number: u32, kind: &[u8], entry: &[u8]) -> Vec<u8> {
        let matrix = if self.upright && kind == b"vide" { TURNED } else { STRAIGHT };
        let size = if kind == b"vide" { [640 << 16, 360 << 16] } else { [0, 0] };
        let header = [numbers(&[0, 0, number, 0, 65_500, 0, 0, 0, 0]), numbers(&matrix), numbers(&size)];
        let entries = full(b"stsd", 0, &[numbers(&[1]), entry.to_vec()].concat());
        let tables = [
            entries,
            full(b"stts", 0, &numbers(&[0])),
            full(b"stsc", 0, &numbers(&[0])),
            full(b"stsz", 0, &numbers(&[0, 0])),
            full(b"stco", 0, &numbers(&[0])),
        ];
        let media = [
            full(b"mdhd", 0, &[numbers(&[0, 0, 1000, 65_500]), vec![0x55, 0xc4, 0, 0]].concat()),
            full(b"hdlr", 0, &[&[0; 4], kind, &[0; 13]].concat()),
            part(b"minf", &part(b"stbl", &tables.concat())),
        ];
        part(b"trak", &[full(b"tkhd", 7, &header.concat()), part(b"mdia", &media.concat())].concat())
    }

    fn pictures(&self) -> Vec<u8> {
        let settings = b"\x01\x42\0\x1e\xff\xe1\0\x04\x67\x42\0\x1e\x01\0\x02\x68\xce";
        let inside = [
            vec![0, 0, 0, 0, 0, 0, 0, 1],
            vec![0; 16],
            vec![0x02, 0x80, 0x01, 0x68],
            numbers(&[0x48_0000, 0x48_0000, 0]),
            vec![0, 1],
            vec![0; 32],
            vec![0, 0x18, 0xff, 0xff],
            part(if self.codec == b"avc1" { b"avcC" } else { b"hvcC" }, settings),
        ];
        part(self.codec, &inside.concat())
    }
}

fn sounds() -> Vec<u8> {
    let descriptor = b"\x03\x19\0\x01\0\x04\x11\x40\x15\0\0\0\0\0\0\0\0\0\0\0\x05\x02\x12\x10\x06\x01\x02";
    let inside = [
        vec![0, 0, 0, 0, 0, 0, 0, 1],
        vec![0; 8],
        vec![0, 2, 0, 16, 0, 0, 0, 0],
        numbers(&[44_100 << 16]),
        full(b"esds", 0, descriptor),
    ];
    part(b"mp4a", &inside.concat())
}

/// Something to send in pieces.
fn pixels() -> Vec<u8> {
    (0..=255).cycle().take(5000).collect()
}
