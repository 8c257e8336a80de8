#!/usr/bin/python3
"""dataset_peers.py DATASET_EQUAL FOLDER: pictures as Pillow reads, scales and cuts them, sounds as NumPy transforms them, arrays
as NumPy packs them, each held against what asx makes of the same files; and files that are to be refused. FOLDER is made anew."""
import os
import shutil
import struct
import subprocess
import sys
import wave

try:
    import numpy as np
    from PIL import Image
except ImportError as lacking:
    print('skipped:', lacking)
    sys.exit(77)

program, folder = sys.argv[1:3]
random = np.random.default_rng(1)
failed = 0


def run(format, path, images, labels='-', resize=0, crop=0, channels=3, tolerance=0.0):
    argument = [program, format, path, resize, crop, channels, images, labels, tolerance]
    return subprocess.run([str(a) for a in argument], capture_output=True, text=True)


def compare(what, format, path, images, labels, **options):
    global failed
    np.save('images.npy', images)
    np.save('labels.npy', np.array(labels, dtype=np.int32))
    got = run(format, path, 'images.npy', 'labels.npy', **options)
    print(f'{what}: {got.stdout.strip()}{got.stderr[-2000:]}')
    failed += got.returncode != 0


def refuse(what, format, path, message, **options):
    global failed
    got = run(format, path, '-', **options)
    good = got.returncode == 0 and message in got.stdout and got.stdout.count('\n') == 1
    print(f'{what}: {"" if good else "FAILED "}{got.stdout.strip()}{got.stderr[-2000:]}')
    failed += not good


# ---- pictures ----

def noise(w, h, c):
    """Smooth in parts, so that JPEG has something to keep, and with sharp edges."""
    y, x = np.mgrid[0:h, 0:w]
    waves = [127 + 90 * np.sin(x / random.uniform(2, 30)) * np.cos(y / random.uniform(2, 30)) for _ in range(c)]
    pixels = np.stack(waves, -1) + random.normal(0, 20, (h, w, c))
    pixels[h // 3:h // 2, w // 4:w // 2] = random.integers(0, 256, c)
    return np.clip(pixels, 0, 255).astype(np.uint8).squeeze()


def torch_like(picture, resize, crop, mode):
    """torchvision 0.15: transforms.Resize(resize), transforms.CenterCrop(crop) on Pillow's images."""
    picture = picture.convert(mode)
    w, h = picture.size
    if resize:
        short, long = (w, h) if w <= h else (h, w)
        new_long = int(resize * long / short)
        w, h = (resize, new_long) if w <= h else (new_long, resize)
        if (w, h) != picture.size:
            picture = picture.resize((w, h), Image.BILINEAR)
    pixels = np.asarray(picture).reshape(h, w, -1)
    if crop:
        if crop > w or crop > h:
            left, top = (crop - w) // 2 if crop > w else 0, (crop - h) // 2 if crop > h else 0
            right, bottom = (crop - w + 1) // 2 if crop > w else 0, (crop - h + 1) // 2 if crop > h else 0
            pixels = np.pad(pixels, ((top, bottom), (left, right), (0, 0)))
            h, w = pixels.shape[:2]
        top, left = int(round((h - crop) / 2.0)), int(round((w - crop) / 2.0))
        pixels = pixels[top:top + crop, left:left + crop]
    return pixels.transpose(2, 0, 1)


def write_pictures():
    """[class][path]"""
    written = []
    for c, name in enumerate(('ant', 'bee', 'cat')):
        os.makedirs(f'pictures/{name}')
        written.append([])
        for i, (w, h) in enumerate(((40, 30), (31, 57), (64, 64), (23, 90), (25, 24))[:5 - c]):
            colour, grey = Image.fromarray(noise(w, h, 3)), Image.fromarray(noise(w, h, 1))
            alpha = Image.fromarray(noise(w, h, 4), 'RGBA')
            path = f'pictures/{name}/{i}'
            kind = (i + c) % 5
            if kind == 0:
                colour.save(path + '.JPG', 'JPEG', quality=80 + 5 * c)
                path += '.JPG'
            elif kind == 1:
                colour.save(path + '.png', interlace=1)
                path += '.png'
            elif kind == 2:
                grey.save(path + '.jpeg', quality=95)
                path += '.jpeg'
            elif kind == 3:
                (alpha if c else colour.quantize(37)).save(path + '.png')
                path += '.png'
            else:
                (grey.convert('1') if c else grey).save(path + '.png')
                path += '.png'
            written[-1].append(path)
    colour = Image.fromarray(noise(33, 35, 3))
    colour.save('pictures/bee/9.jpg', progressive=True, subsampling=0, quality=70)
    written[1].append('pictures/bee/9.jpg')
    open('pictures/cat/notes.txt', 'w').write('not a picture\n')
    return written


def pictures():
    written = write_pictures()
    rounds = [(path[i], c) for i in range(6) for c, path in enumerate(written) if i < len(path)]
    for resize, crop, mode in ((32, 28, 'RGB'), (32, 28, 'L'), (20, 20, 'RGB'), (0, 33, 'RGB'), (96, 90, 'RGB'), (17, 17, 'L')):
        images = np.stack([torch_like(Image.open(p), resize, crop, mode) for p, _ in rounds])
        compare(f'pictures, resize {resize}, crop {crop}, {mode}', 'images', 'pictures', images, [c for _, c in rounds],
                resize=resize, crop=crop, channels=len(mode))
    listed = [(p, (i * 7) % 11) for i, (p, _) in enumerate(reversed(rounds))]
    with open('list.txt', 'w') as out:
        print('# some of them', file=out)
        for i, (path, label) in enumerate(listed):
            print(path, label, sep=' \t,'[i % 3], end='\n\n' if i % 4 == 0 else '\n', file=out)
    images = np.stack([torch_like(Image.open(p), 32, 28, 'RGB') for p, _ in listed])
    compare('a list of pictures', 'images', 'list.txt', images, [c for _, c in listed], resize=32, crop=28)


def write_masks():
    """Of a palette, of grey, of 4 and 1 bits a pixel, as large as their pictures; smaller and larger than what is cut."""
    pairs = []
    for i, (w, h) in enumerate(((30, 26), (41, 77), (25, 25), (60, 19), (33, 48))):
        Image.fromarray(noise(w, h, 3)).save(f'{i}.png')
        classes = random.integers(0, (21, 256, 16, 2, 8)[i], ((h + 3) // 4, (w + 4) // 5)).repeat(4, 0).repeat(5, 1)[:h, :w]
        mask = Image.fromarray(classes.astype(np.uint8))
        if i in (0, 2):
            mask.putpalette(list(random.integers(0, 256, 768)))
            mask.save(f'{i}_mask.png', bits=4 if i == 2 else 8)
        elif i == 3:
            Image.fromarray(classes.astype(bool)).save(f'{i}_mask.png')
        else:
            mask.save(f'{i}_mask.png')
        pairs.append((f'{i}.png', f'{i}_mask.png', classes))
    return pairs


def masks():
    """torchvision's segmentation references: nearest pixels, and 255 beside what there is."""
    pairs = write_masks()
    with open('masks.txt', 'w') as out:
        for i, (picture, mask, _) in enumerate(pairs):
            print(picture, mask, sep=' \t,'[i % 3], file=out)
    for resize, crop in ((32, 28), (20, 20), (0, 33), (77, 90)):
        maps = []
        for path, _, classes in pairs:
            mask, (w, h) = Image.fromarray(classes.astype(np.uint8)), Image.open(path).size
            if resize:
                w, h = (resize, int(resize * h / w)) if w <= h else (int(resize * w / h), resize)
                mask = mask.resize((w, h), Image.NEAREST)
            inside = torch_like(Image.fromarray(np.full((h, w), 1, np.uint8)), 0, crop, 'L')[0]
            maps.append(np.where(inside, torch_like(mask, 0, crop, 'L')[0], 255))
        images = np.stack([torch_like(Image.open(p), resize, crop, 'RGB') for p, _, _ in pairs])
        compare(f'masks, resize {resize}, crop {crop}', 'masks', 'masks.txt', images, np.stack(maps), resize=resize, crop=crop)


def masks_of_blanks():
    """A tab or a comma between paths that have blanks."""
    os.makedirs('two words', exist_ok=True)
    for name in ('0.png', '0_mask.png'):
        shutil.copy(name, 'two words/a ' + name)
    images = torch_like(Image.open('0.png'), 0, 0, 'RGB')[None]
    for between in ('\t', ',', ' , '):
        open('blanks.txt', 'w').write(f'two words/a 0.png{between}two words/a 0_mask.png\r\n')
        compare('masks of blanks', 'masks', 'blanks.txt', images, np.asarray(Image.open('0_mask.png'))[None])


def refused_masks():
    def listing(line):
        open('odd.txt', 'w').write(line + '\n')
        return 'odd.txt'
    deep = struct.pack('>IIBBBBB', 30, 26, 16, 0, 0, 0, 0)
    with open('deep_mask.png', 'wb') as out:
        out.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', deep) + chunk(b'IDAT', b'') + chunk(b'IEND', b''))
    refuse('a class for a mask', 'masks', listing('0.png 3'), "odd.txt:1: '0.png 3' is no path of a picture with one of its mask")
    refuse('a mask for a class', 'images', listing('0.png 0_mask.png'), 'odd.txt:1:')
    refuse('a mask alone', 'masks', listing('0_mask.png'), 'no path of a picture with one of its mask')
    refuse('a mask of colours', 'masks', listing('0.png 1.png'), "'1.png' has colours; a mask is a PNG of grey or of a palette")
    refuse('a mask of 16 bits', 'masks', listing('0.png deep_mask.png'), 'has 16 bits a pixel')
    refuse('a mask of JPEG', 'masks', listing('0.png pictures/ant/0.JPG'), 'is no PNG, as masks are')
    refuse('masks of a folder', 'masks', 'pictures', 'masks are named by a list')
    for resize, crop in ((0, 0), (20, 20)):
        refuse('a mask of another size', 'masks', listing('0.png 1_mask.png'),
               "mask '1_mask.png' has 41 x 77 pixels, its picture '0.png' 30 x 26", resize=resize, crop=crop)
    open('odd.txt', 'w').write('0.png 0_mask.png\n1.png 1_mask.png\n')
    refuse('masks of two sizes', 'masks', 'odd.txt', "'1.png' has 41 x 77 pixels, the pictures before it 30 x 26")


def chunk(kind, data):
    import zlib
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))


def deep_and_printed():
    """16 bits a channel, of which the upper 8 are kept; CMYK."""
    w, h = 30, 26
    deep = random.integers(0, 65536, (h, w, 3))
    rows = b''.join(b'\0' + row.astype('>u2').tobytes() for row in deep)
    grey = b''.join(b'\0' + row.astype('>u2').tobytes() for row in deep[:, :, 0])
    import zlib
    for name, kind, data in (('deep', 2, rows), ('deep_grey', 0, grey)):
        head = struct.pack('>IIBBBBB', w, h, 16, kind, 0, 0, 0)
        with open(name + '.png', 'wb') as out:
            out.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', head) + chunk(b'IDAT', zlib.compress(data)) + chunk(b'IEND', b''))
    Image.fromarray(noise(w, h, 4), 'CMYK').save('printed.jpg', quality=90)
    for name, images in (('deep.png', torch_like(Image.open('deep.png'), 20, 20, 'RGB')),
                         ('printed.jpg', torch_like(Image.open('printed.jpg'), 20, 20, 'RGB')),
                         ('printed.jpg', torch_like(Image.open('printed.jpg'), 20, 20, 'L')),
                         ('deep_grey.png', torch_like(Image.fromarray((deep[:, :, 0] >> 8).astype(np.uint8)), 20, 20, 'L'))):
        open('one.txt', 'w').write(name + ' 3\n')
        compare(f'{name} as {len(images)}', 'images', 'one.txt', images[None], [3], resize=20, crop=20, channels=len(images))


def refused_pictures():
    def listing(data):
        open('odd.bin', 'wb').write(data)
        open('odd.txt', 'w').write('odd.bin 0\n')
        return 'odd.txt'
    png, jpeg = open('pictures/ant/1.png', 'rb').read(), open('pictures/ant/0.JPG', 'rb').read()
    huge = b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 60000, 60000, 8, 2, 0, 0, 0)) + chunk(b'IDAT', b'')
    refuse('a cut PNG', 'images', listing(png[:-40]), 'damaged PNG')
    refuse('a PNG with one byte changed', 'images', listing(png[:300] + bytes([png[300] ^ 1]) + png[301:]), 'damaged PNG')
    refuse('a cut JPEG', 'images', listing(jpeg[:len(jpeg) // 2]), 'damaged JPEG: Premature end')
    refuse('a JPEG of nothing', 'images', listing(jpeg[:4]), 'damaged JPEG')
    refuse('60000 x 60000', 'images', listing(huge), '60000 x 60000 pixels, 1 .. 67108864 are allowed')
    refuse('GIF', 'images', listing(b'GIF89a'), 'neither PNG nor JPEG')
    refuse('different sizes', 'images', 'pictures', 'data.resize and data.crop make them alike')
    refuse('wav of pictures', 'wav', 'pictures', 'no file that ends in .wav')
    refuse('no folders', 'images', 'pictures/ant', 'a folder for each class is wanted')
    refuse('nothing there', 'images', 'nowhere', "cannot open 'nowhere'")
    for line, message in (('a.png', 'no path with a class'), ('a.png -1', 'no path'), ('a.png 70000', 'no path'), ('7', 'no path'),
                          ('a.png 0', "'a.png'"), ('# nothing', 'lists no files')):
        open('odd.txt', 'w').write('\n' + line + '\n')
        refuse(f'the line "{line}"', 'images', 'odd.txt', message)


# ---- recordings ----

def mfcc(sound, windows, n):
    """By matrices alone: no fast transform."""
    sound = np.concatenate([sound / sound.max(), np.zeros(windows * 320 + 480)])
    frames = np.stack([sound[320 * i:320 * i + 480] for i in range(windows)])
    frames = frames * (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(480) / 480))
    spectrum = np.abs(frames @ np.exp(-2j * np.pi * np.outer(np.arange(480), np.arange(257)) / 512))
    mel = 1127 * np.log1p(np.linspace(0, 8000, 257) / 700)
    edge = np.linspace(1127 * np.log1p(20 / 700), 1127 * np.log1p(4000 / 700), 42)
    bands = np.stack([np.interp(mel, edge[b:b + 3], [0, 1, 0], left=0, right=0) for b in range(40)], 1)
    bands[0] = 0
    logs = np.log(spectrum @ bands + 1e-6)
    dct = 2 * np.cos(np.pi * np.outer(2 * np.arange(40) + 1, np.arange(n)) / 80) / np.sqrt(80)
    return logs @ dct


def write_wav(path, sound, rate=16000, channels=1):
    with wave.open(path, 'wb') as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(sound.astype('<i2').tobytes())


def recordings():
    expected = []
    for c, (name, lengths) in enumerate((('no', (16000, 9000, 480)), ('yes', (20000, 15999)))):
        os.makedirs(f'words/{name}')
        for i, n in enumerate(lengths):
            t = np.arange(n) / 16000
            sound = 9000 * np.sin(2 * np.pi * (200 + 900 * t + 300 * i) * t) + random.normal(0, 500, n)
            sound = np.round(sound * np.sin(np.pi * t / t[-1])) + 1
            write_wav(f'words/{name}/{i}.wav', sound)
            expected.append((i, c, mfcc(sound, 49, 10)))
    expected.sort(key=lambda e: e[:2])
    compare('MFCC', 'wav', 'words', np.stack([e[2] for e in expected])[:, None], [e[1] for e in expected], tolerance=1e-4)
    for what, rate, channels, message in (('8 kHz', 8000, 1, '8000 Hz in 1 channels'), ('stereo', 16000, 2, 'in 2 channels')):
        write_wav('odd.bin', np.zeros(1000), rate, channels)
        open('odd.txt', 'w').write('odd.bin 0\n')
        refuse(what, 'wav', 'odd.txt', message)
    for what, data, message in (('no WAV', b'x' * 100, 'is no WAV file'), ('a header alone', b'RIFF\0\0\0\0WAVE', 'odd.bin')):
        open('odd.bin', 'wb').write(data)
        refuse(what, 'wav', 'odd.txt', message)


# ---- arrays ----

def arrays():
    x, y = random.integers(0, 256, (5, 2, 3, 4), dtype=np.uint8), np.array([3, 0, 1, 1, 2])
    np.savez('plain.npz', images=x, labels=y)
    np.savez_compressed('packed.npz', x_test=x, y_test=y, other=np.arange(3))
    np.savez('medical.npz', test_images=x, test_labels=y[:, None])
    for name in ('plain', 'packed', 'medical'):
        compare(f'{name}.npz', 'npz', f'{name}.npz', x, y)
    np.savez('two.npz', x_test=x, y_test=y, x_train=x, y_train=y)
    np.savez('none.npz', a=x, b=y)
    np.savez_compressed('large.npz', images=np.zeros((1000, 1000), np.uint8), labels=np.zeros(1000, np.uint8))
    compare('large.npz', 'npz', 'large.npz', np.zeros((1000, 1000, 1, 1)), np.zeros(1000))
    refuse('two pairs', 'npz', 'two.npz', '2 pairs of images and classes')
    refuse('other names', 'npz', 'none.npz', 'it holds a.npy b.npy')
    packed = open('packed.npz', 'rb').read()
    open('odd.npz', 'wb').write(packed[:-30])
    refuse('a cut zip', 'npz', 'odd.npz', "cannot open 'odd.npz'")
    open('odd.npz', 'wb').write(packed[:60] + bytes([packed[60] ^ 255]) + packed[61:])
    refuse('a damaged zip', 'npz', 'odd.npz', 'odd.npz')
    np.save('short.npy', x)
    short = open('short.npy', 'rb').read()
    import zipfile
    with zipfile.ZipFile('bomb.npz', 'w', zipfile.ZIP_DEFLATED) as out:
        out.writestr('images.npy', short + bytes(50_000_000))
        out.writestr('labels.npy', short)
    refuse('more than the header says', 'npz', 'bomb.npz', 'holds more than the 248 bytes it promises')


shutil.rmtree(folder, ignore_errors=True)
os.makedirs(folder)
os.chdir(folder)
pictures()
deep_and_printed()
refused_pictures()
masks()
masks_of_blanks()
refused_masks()
recordings()
arrays()
sys.exit(failed > 0)
