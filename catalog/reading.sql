/* A product on sale as ProductSerializer shows it to shoppers; what is in braces is given. */
json_build_object(
    'id', products.id,
    'shop_id', shop_id,
    'shop_name', shop_name,
    'category_id', category_id,
    'name', coalesce(
        nullif(CASE {language}::text WHEN 'kk' THEN name_kk WHEN 'en' THEN name_en END, ''), name
    ),
    'description', coalesce(
        nullif(
            CASE {language}::text
                WHEN 'kk' THEN products.description_kk WHEN 'en' THEN products.description_en
            END, ''
        ), products.description
    ),
    'price', price,
    'characteristics', characteristics,
    'images', (
        SELECT coalesce(json_agg(
            {lasting}::text || picture || '?v='
                || coalesce(picture_facts -> picture ->> 'version', '0')
            ORDER BY place
        ), '[]')
        FROM jsonb_array_elements_text(images) WITH ORDINALITY AS _ (picture, place)
    ),
    'pictures', (
        SELECT coalesce(json_agg(json_build_object(
            'url', {lasting}::text || picture || '?v=' || coalesce(facts ->> 'version', '0'),
            'width', facts -> 'width',
            'height', facts -> 'height',
            'colour', facts -> 'colour',
            'placeholder', facts -> 'placeholder',
            'sizes', (
                SELECT coalesce(json_object_agg(
                    width, {lasting}::text || regexp_replace(picture, '\.jpg$', '')
                        || '.w' || width || '.webp?v=' || (facts ->> 'version')
                ), json_build_object())
                FROM jsonb_array_elements_text(nullif(facts -> 'sizes', 'null')) AS width
            )
        ) ORDER BY place), '[]')
        FROM jsonb_array_elements_text(images) WITH ORDINALITY AS _ (picture, place),
            LATERAL (SELECT picture_facts -> picture) AS known (facts)
    ),
    'variants', (
        SELECT coalesce(json_agg(json_build_object(
            'id', id,
            'size', size,
            'colour', colour,
            'sku', sku,
            'price', price,
            'stock', stock,
            'available', stock - reserved,
            'rental_units', rental_units,
            'is_active', is_active
        ) ORDER BY id), '[]')
        FROM product_variants WHERE product_id = products.id
    ),
    'rental_terms', (
        SELECT json_build_object(
            'price_per_day', price_per_day,
            'deposit', deposit,
            'min_days', min_days,
            'max_days', max_days,
            'buffer_days', buffer_days,
            'late_fee_per_day', late_fee_per_day
        )
        FROM rental_terms WHERE product_id = products.id
    ),
    'rent_expires_at', to_char(rent_expires_at AT TIME ZONE {zone}::text, 'YYYY-MM-DD"T"HH24":"MI":"SS.US')
        || to_char(rent_expires_at AT TIME ZONE {zone}::text - rent_expires_at AT TIME ZONE 'UTC', '"+"HH24":"MI'),
    'is_active', products.is_active,
    'moderation_status', moderation_status,
    'moderation_reason', moderation_reason,
    'moderation_notes', moderation_notes,
    'views_count', views_count,
    'try_ons_count', try_ons_count,
    'purchases_count', purchases_count,
    'rating', round(rating_sum::numeric / nullif(reviews_count, 0), 2),
    'reviews_count', reviews_count,
    'is_favorite', CASE WHEN {reader}::bigint IS NOT NULL THEN EXISTS (
        SELECT FROM favorites WHERE user_id = {reader}::bigint AND product_id = products.id
    ) END,
    'created_at', to_char(products.created_at AT TIME ZONE {zone}::text, 'YYYY-MM-DD"T"HH24":"MI":"SS.US')
        || to_char(products.created_at AT TIME ZONE {zone}::text - products.created_at AT TIME ZONE 'UTC', '"+"HH24":"MI'),
    'updated_at', to_char(products.updated_at AT TIME ZONE {zone}::text, 'YYYY-MM-DD"T"HH24":"MI":"SS.US')
        || to_char(products.updated_at AT TIME ZONE {zone}::text - products.updated_at AT TIME ZONE 'UTC', '"+"HH24":"MI')
)::text
